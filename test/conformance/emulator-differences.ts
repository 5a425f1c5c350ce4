/** What an emulator shows in a row instead of what AWS does, as a value and as the page on emulators says it. */
export interface Difference {
  readonly shows: unknown;
  readonly inWords: string;
}

/** Differences by the name of a row in the suite of recordings. */
export type Differences = Readonly<Record<string, Difference>>;

/** Of the virtual queue there are none. */
export const VIRTUAL_QUEUE: Differences = {};

/** In the queue in memory no time passes, and tests make its handles up. */
export const MEMORY_QUEUE: Differences = {
  "a deletion after the end of the visibility": {
    shows: ["done", undefined],
    inWords: "deletes it: no visibility ends",
  },
  "a handle that the queue never gave out": { shows: ["done", []], inWords: "accepts it" },
  "the end of a visibility": { shows: undefined, inWords: "stays hidden" },
  "a deduplication id that comes again after five minutes": { shows: 1, inWords: "swallowed for ever" },
};

/** Of fauxqs, in what a queue of Sluice's shows. */
export const FAUXQS_QUEUE: Differences = {
  "a deletion after the end of the visibility": {
    shows: ["done", undefined],
    inWords: "deletes it",
  },
  "a deletion after the message was made visible": {
    shows: ["done", "a"],
    inWords: "says that it is done, and deletes nothing",
  },
  "a deletion with the handle of an earlier receive": {
    shows: ["done", 1],
    inWords: "says that it is done, and deletes nothing",
  },
  "a handle that the queue never gave out": {
    shows: ["done", [true]],
    inWords: "accepts it for a deletion",
  },
  "a change of what is visible again": {
    shows: [
      { index: 0, reason: "ReceiptHandleIsInvalid: The input receipt handle is invalid.", isFinal: true },
    ],
    inWords: "refuses it under another name",
  },
  "a deduplication id in two groups": { shows: 1, inWords: "one message, whatever the scope" },
  "ids that are none, beside one that is": {
    shows: [[[3, true]], 2],
    inWords: "takes all but the empty one, and two of them for one",
  },
};

/** Of fauxqs, in SQS's own calls: by the name of a case that does not hold on it, what it does instead. */
export const FAUXQS_CALLS: Readonly<Record<string, string>> = {
  "hands out several of a group, the same group first": "one message of each group",

  "blocks only what is behind a hidden message: bar": "never has three of a group in flight",
  "blocks only what is behind a hidden message: bee": "never has three of a group in flight",
  "refuses to delete a message whose visibility has ended": "deletes it",
  "knows no handles but its own": "accepts any for a deletion",
  "refuses a visibility that ends more than 12 h after the receive": "accepts it",
  "says of a message that is visible that it is not in flight": "changes it",
  "takes a deduplication id for the same message in its group, for five minutes":
    "one message in all groups, whatever the scope",
  "hands out the same messages to who repeats a receive, until one of them is changed": "hands out others",
  "moves what was received too often to the dead-letter queue, under its message id":
    "keeps the deduplication id, and names no source",
  "tells what was asked for of a message, with digests that other SDKs check":
    "the digest of all attributes, whichever were asked for",
  "refuses a group id with a space, and takes the other entries of the batch": "takes both",
  "refuses a group id of 129 characters, and takes the other entries of the batch": "takes both",
  "refuses a deduplication id beyond ASCII, and takes the other entries of the batch": "takes both",
  "knows no queue that was not created, and no other one by the name of one that was":
    "refuses likewise, but its errors have names that the SDK does not know",
  "tells the settings, counts and tags of a queue": "ignores the name of an attribute that there is not",
};

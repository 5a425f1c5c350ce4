/** A client of the SDK, as far as its middleware goes. */
interface AnyClient {
  readonly middlewareStack: { add(middleware: unknown, options: unknown): void };
}

type Handler = (args: { readonly input: unknown }) => Promise<unknown>;

/** Answers to commands by their names; a name that is not there, or an answer that is undefined, goes on to the service. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

/** Has a client answer some commands itself, after it has written the request. An answer that throws is a refusal. */
export function answerLocally(client: AnyClient, answers: Answers): void {
  const middleware = (next: Handler, context: { readonly commandName: string }) => {
    const answer = answers[context.commandName.replace(/Command$/, "")];
    return async (args: { readonly input: unknown }) => {
      const output = await answer?.(args.input as never);
      if (output === undefined) return next(args);
      return { output: { $metadata: {}, ...output }, response: {} };
    };
  };
  client.middlewareStack.add(middleware, { step: "build", name: "answerLocally" });
}

/** Drops a member of a command's input that the embedded services do not know. */
export function leaveOut(client: AnyClient, commandName: string, member: string): void {
  const middleware =
    (next: Handler, context: { readonly commandName: string }) => (args: { readonly input: unknown }) => {
      if (context.commandName !== `${commandName}Command`) return next(args);
      const { [member]: _, ...input } = args.input as Record<string, unknown>;
      return next({ ...args, input });
    };
  client.middlewareStack.add(middleware, { step: "initialize", name: `leaveOut${member}` });
}

/** An error by its name, as the SDK throws one. */
export function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

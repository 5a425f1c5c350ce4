import { attemptsRule } from "./attempts.ts";
import { boundRule } from "./bound.ts";
import { inTimeRule } from "./in-time.ts";
import { lateNewsRule } from "./late-news.ts";
import { ledgerRule } from "./ledger.ts";
import { noChurnRule } from "./no-churn.ts";
import { notStuckRule } from "./not-stuck.ts";
import { nothingLostRule } from "./nothing-lost.ts";
import { onceADayRule } from "./once-a-day.ts";
import { operatorsRule } from "./operators.ts";
import { quotaRule } from "./quota.ts";
import { rejectionsRule } from "./rejections.ts";
import { retryAfterRule } from "./retry-after.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { windowRule } from "./window.ts";

/** All rules, at the start of a day. */
export function rulesFor(context: RuleContext): readonly Rule[] {
  return [
    boundRule(context),
    onceADayRule(context),
    nothingLostRule(),
    attemptsRule(context),
    notStuckRule(context),
    lateNewsRule(),
    retryAfterRule(context),
    noChurnRule(context),
    inTimeRule(context),
    rejectionsRule(context),
    windowRule(context),
    quotaRule(context),
    operatorsRule(context),
    ledgerRule(context),
  ];
}

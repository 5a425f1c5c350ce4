/** Makes `count` ids, such as `record-000001` for the prefix `record`; more than six digits where they are needed. */
export function* generateRecords(count: number, prefix: string): Generator<string> {
  for (let number = 1; number <= count; number += 1) yield `${prefix}-${String(number).padStart(6, "0")}`;
}

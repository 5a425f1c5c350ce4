/** An operand of a condition. Names and values are placeholders, such as `#status` and `:status0`. */
export type Operand =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "size"; readonly name: string };

/** The comparison operators. */
export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A condition, key condition or filter. */
export type Condition =
  | { readonly kind: "or"; readonly any: readonly Condition[] }
  | { readonly kind: "and"; readonly all: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "exists"; readonly name: string }
  | { readonly kind: "compare"; readonly left: Operand; readonly by: Comparator; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "begins-with"; readonly operand: Operand; readonly prefix: Operand }
  | { readonly kind: "contains"; readonly operand: Operand; readonly part: Operand };

/** The right side of a SET. */
export type Formula =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "if-not-exists"; readonly name: string; readonly otherwise: Formula }
  | { readonly kind: "list-append"; readonly head: Formula; readonly tail: Formula }
  | {
      readonly kind: "arithmetic";
      readonly sign: "+" | "-";
      readonly left: Formula;
      readonly right: Formula;
    };

/** An action of an update on one attribute. */
export type Action =
  | { readonly kind: "set"; readonly name: string; readonly to: Formula }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "add"; readonly name: string; readonly value: string }
  | { readonly kind: "delete"; readonly name: string; readonly value: string };

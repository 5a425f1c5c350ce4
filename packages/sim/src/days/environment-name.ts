/** The name of an execution environment: its role, and its number among those of the role. */
export function environmentName(role: string, index: number): string {
  return `${role}-${index}`;
}

/** The id that an environment of this name makes next. */
export function idIn(environment: string, count: number): string {
  return `${environment}.${count}`;
}

/** The environment that made an id: ids of a simulated day begin with it. */
export function environmentOf(id: string): string {
  return id.slice(0, id.lastIndexOf("."));
}

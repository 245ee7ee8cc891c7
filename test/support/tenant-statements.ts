import { loadModule, parseSync } from 'libpg-query';

/** How a statement restricts one table of tenants to an org. */
export type Restriction = 'constant' | 'joined' | 'none';

export interface TableUse {
  readonly table: string;
  readonly restriction: Restriction;
}

export interface StatementFacts {
  readonly uses: readonly TableUse[];
  /** Functions in RETURNING. A database that distributes rows can't compute those that aren't immutable there. */
  readonly functionsInReturning: readonly string[];
}

await loadModule();

/** The tables in FROM and WHERE of one query, without its subqueries. */
class Scope {
  readonly tables = new Map<string, string>();
  readonly constants = new Set<string>();
  readonly joins = new Set<string>();
}

type Node = Readonly<Record<string, unknown>>;
/** `''`: a column without its table. */
type OrgColumn = string | undefined;

const QUERIES = new Set(['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt']);

/** Reads the syntax of a statement with the parser of Postgres. */
export function factsOf(statement: string, tablesOfTenants: ReadonlySet<string>): StatementFacts {
  const scopes: Scope[] = [];
  const functionsInReturning: string[] = [];
  visit(parseSync(statement), new Scope());
  const uses = scopes.flatMap((scope) => {
    const own = [...scope.tables].filter(([, table]) => tablesOfTenants.has(table));
    const has = (columns: ReadonlySet<string>, alias: string) =>
      columns.has(alias) || (own.length === 1 && columns.has(''));
    return own.map(([alias, table]) => ({
      table,
      restriction: has(scope.constants, alias) ? 'constant' : has(scope.joins, alias) ? 'joined' : 'none',
    }));
  }) as TableUse[];
  return { uses, functionsInReturning };

  function visit(node: unknown, scope: Scope): void {
    if (Array.isArray(node)) return node.forEach((each) => visit(each, scope));
    if (typeof node !== 'object' || node === null) return;
    for (const [kind, value] of Object.entries(node as Node)) {
      if (QUERIES.has(kind) || isSideOfUnion(kind, value)) visitQuery(kind, value as Node, newScope());
      else {
        if (kind === 'RangeVar') addTable(scope, value as Node);
        if (kind === 'A_Expr') addEquality(scope, value as Node);
        if (kind === 'JoinExpr') addUsing(scope, value as Node);
        if (kind === 'returningList' || kind === 'returningClause') functionsInReturning.push(...functionsIn(value));
        visit(value, scope);
      }
    }
  }

  function newScope(): Scope {
    const scope = new Scope();
    scopes.push(scope);
    return scope;
  }

  function visitQuery(kind: string, query: Node, scope: Scope): void {
    // The target of an INSERT gets its org from its values.
    const { relation, ...others } = query;
    if (relation !== undefined && kind !== 'InsertStmt') addTable(scope, relation as Node);
    visit(others, scope);
  }
}

/** The two sides of UNION are queries without the name of their kind. */
function isSideOfUnion(kind: string, value: unknown): boolean {
  return (kind === 'larg' || kind === 'rarg') && typeof value === 'object' && value !== null && 'targetList' in value;
}

function addTable(scope: Scope, { relname, alias }: Node): void {
  scope.tables.set(((alias as Node | undefined)?.['aliasname'] ?? relname) as string, relname as string);
}

function addEquality(scope: Scope, { kind, name, lexpr, rexpr }: Node): void {
  const operator = (name as { String: { sval: string } }[])[0]?.String.sval;
  if (kind !== 'AEXPR_OP' || operator !== '=') return;
  for (const [one, other] of pairsOf(withoutCast(lexpr), withoutCast(rexpr))) {
    addSide(scope, orgColumn(one), other);
    addSide(scope, orgColumn(other), one);
  }
}

function addSide(scope: Scope, column: OrgColumn, other: Node | undefined): void {
  if (column === undefined || other === undefined) return;
  if ('ParamRef' in other || 'A_Const' in other) scope.constants.add(column);
  else if ('ColumnRef' in other) scope.joins.add(column);
}

/** `(a, b) = (c, d)` is `a = c` and `b = d`. */
function pairsOf(left: Node | undefined, right: Node | undefined): (readonly [Node | undefined, Node | undefined])[] {
  const rowOf = (node: Node | undefined) => (node?.['RowExpr'] as { args: unknown[] } | undefined)?.args;
  const [lefts, rights] = [rowOf(left), rowOf(right)];
  if (lefts === undefined || rights === undefined) return [[left, right]];
  return lefts.map((each, index) => [withoutCast(each), withoutCast(rights[index])] as const);
}

function addUsing(scope: Scope, { usingClause, larg, rarg }: Node): void {
  const columns = (usingClause ?? []) as { String: { sval: string } }[];
  if (!columns.some(({ String: { sval } }) => sval === 'org_id')) return;
  for (const side of [larg, rarg]) {
    const table = (side as Node | undefined)?.['RangeVar'] as Node | undefined;
    if (table) scope.joins.add(((table['alias'] as Node | undefined)?.['aliasname'] ?? table['relname']) as string);
  }
}

function withoutCast(node: unknown): Node | undefined {
  const cast = (node as Node | undefined)?.['TypeCast'] as Node | undefined;
  return cast === undefined ? (node as Node | undefined) : withoutCast(cast['arg']);
}

function orgColumn(node: Node | undefined): OrgColumn {
  const { fields } = (node?.['ColumnRef'] ?? { fields: [] }) as { fields: { String?: { sval: string } }[] };
  const names = fields.map((field) => field.String?.sval);
  return names.at(-1) === 'org_id' ? (names.at(-2) ?? '') : undefined;
}

function functionsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(functionsIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node as Node).flatMap(([kind, value]) => {
    if (kind === 'SQLValueFunction') return ['now'];
    if (kind !== 'FuncCall') return functionsIn(value);
    const { funcname, args } = value as { funcname: { String: { sval: string } }[]; args?: unknown };
    return [funcname.at(-1)!.String.sval, ...functionsIn(args)];
  });
}

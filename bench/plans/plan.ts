import type pg from 'pg';
import type { Watched } from './watched-server.ts';

/** The relevant parts of the plan of a list. */
export interface Plan {
  readonly name: string;
  /** The scans with their indexes. */
  readonly scans: readonly string[];
  readonly rowsRead: number;
  /** Pages of 8 kB, from memory or disk. */
  readonly buffers: number;
  readonly ms: number;
  readonly problems: readonly string[];
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** More rows than a page, and than any table that may be read as a whole. */
const ROWS_MAX = 1_000;

/** Explains a statement of the server. Prepared statements get the generic plan, as in a long-running server. */
export async function explainStatement(client: pg.Client, name: string, { statement, shown }: Watched): Promise<Plan> {
  await client.query(`SET plan_cache_mode = ${statement.isPrepared ? 'force_generic_plan' : 'auto'}`);
  const explained = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.text}`;
  const { rows } = await client.query(explained, [...statement.values]);
  const [{ Plan: root, 'Execution Time': ms }] = rows[0]['QUERY PLAN'] as [{ Plan: Node; 'Execution Time': number }];
  const nodes = nodesOf(root);
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined || node['Index Name'] !== undefined);
  const slow = nodes.filter((node) => isSlow(node));
  return {
    name,
    scans: [...new Set(scans.map(describe))],
    rowsRead: scans.reduce((sum, node) => sum + rowsOf(node), 0),
    buffers: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    ms,
    problems: [
      ...slow.map((node) => `${describe(node)} over ${rowsOf(node)} rows`),
      ...(shown === 0 ? ['shows no row'] : []),
    ],
  };
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The rows read, including filtered ones. */
function rowsOf(node: Node): number {
  return Math.round((node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']);
}

function isSlow(node: Node): boolean {
  return /Scan|Sort/.test(node['Node Type']) && rowsOf(node) > ROWS_MAX;
}

function describe(node: Node): string {
  return [node['Node Type'], node['Index Name'] ?? node['Relation Name']].filter(Boolean).join(' ');
}

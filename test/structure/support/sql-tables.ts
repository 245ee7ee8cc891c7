import ts from 'typescript';
import { featureOf, SOURCES } from './source-tree.js';

const SQL = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\b|\b(?:select|insert into|update|delete from)\s/;
const TABLE = /\b(?:from|join|into|update|references|using|table|only|of|exists)\s+"?([a-z_]+)/gi;

/** The feature that owns each table, which is the folder of its entity. */
export const OWNERS: ReadonlyMap<string, string> = new Map(
  SOURCES.flatMap(({ path, text }) =>
    [...text.matchAll(/@Entity\(\s*'(\w+)'/g)].map(([, table]) => [table!, featureOf(path)] as const),
  ),
);

/** The features whose SQL names a table of another feature. @example ['tenancy/api-keys -> orgs'] */
export function foreignTables(): string[] {
  const found = SOURCES.flatMap(({ path, text }) =>
    tablesIn(path, text)
      .filter((table) => OWNERS.has(table) && OWNERS.get(table) !== featureOf(path))
      .map((table) => `${featureOf(path)} -> ${table}`),
  );
  return [...new Set(found)].toSorted();
}

/** In SQL in string and template literals, and in `table: 'name'`. */
function tablesIn(path: string, text: string): string[] {
  const inProperties = [...text.matchAll(/\btable: '(\w+)'/g)];
  const inSql = SQL.test(text) ? literalsOf(path, text).filter((literal) => SQL.test(literal)) : [];
  return [...inProperties, ...inSql.flatMap((sql) => [...sql.matchAll(TABLE)])].map(([, table]) =>
    table!.toLowerCase(),
  );
}

/** The text of each string and template literal, without interpolated expressions. */
function literalsOf(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push([node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('?'));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

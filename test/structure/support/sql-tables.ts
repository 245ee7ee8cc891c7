import ts from 'typescript';
import { featureOf, SOURCES } from './source-tree.js';

const SQL = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\b|^\s*(?:select|insert|update|delete|with)\s/;
const TABLE = /\b(?:from|join|into|update|references|using|table|only|of|exists)\s+"?([a-z_]+)/gi;

/** Each table with the feature that owns it: the folder of its entity. */
export const OWNERS: ReadonlyMap<string, string> = new Map(
  SOURCES.flatMap(({ path, text }) =>
    [...text.matchAll(/@Entity\(\s*'(\w+)'/g)].map(([, table]) => [table!, featureOf(path)] as const),
  ),
);

/** The tables of other features that the SQL of a feature names. @example ['tenancy/api-keys -> orgs'] */
export function foreignTables(): string[] {
  const found = SOURCES.flatMap(({ path, text }) =>
    sqlTexts(path, text)
      .flatMap((sql) => [...sql.matchAll(TABLE)].map(([, name]) => name!.toLowerCase()))
      .filter((table) => OWNERS.has(table) && OWNERS.get(table) !== featureOf(path))
      .map((table) => `${featureOf(path)} -> ${table}`),
  );
  return [...new Set(found)].toSorted();
}

/** String and template literals that hold SQL; a part that is interpolated is left out. */
function sqlTexts(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push([node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('?'));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found.filter((literal) => SQL.test(literal));
}

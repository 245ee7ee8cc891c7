import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression in the source. */
export interface Pattern {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** String methods, decorators and constructors that take a pattern as text. */
const TAKES_PATTERN = new Set(['match', 'matchAll', 'search', 'Matches', 'RegExp']);

/**
 * Every pattern in the source files of the folders. @throws Error if a pattern is built from values outside its file
 */
export function patternsUnder(...folders: readonly string[]): Pattern[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.(spec|d)\.ts$/.test(name))
      .flatMap((name) => patternsIn(join(folder, name), readFileSync(join(folder, name), 'utf8'))),
  );
}

export function patternsIn(path: string, text: string): Pattern[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const constants = constantsOf(file);
  const found: Pattern[] = [];
  const add = (node: ts.Node, source: string, flags: string) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ where: `${path}:${line}`, source, flags });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && TAKES_PATTERN.has(nameOf(node.expression))) {
      const [pattern, flags] = node.arguments ?? [];
      const made = pattern && valueOf(pattern, constants);
      if (typeof made === 'string') add(node, made, String((flags && valueOf(flags, constants)) ?? ''));
      else if (nameOf(node.expression) === 'RegExp') {
        throw new Error(`${path}: a pattern is made of what its file doesn't say: ${node.getText()}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(called: ts.Expression): string {
  return ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
}

function constantsOf(file: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  const declared = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((each) => [...each.declarationList.declarations]);
  return new Map(
    declared.flatMap(({ name, initializer }) => (initializer ? [[name.getText(), initializer] as const] : [])),
  );
}

/** The string, or list of strings, that an expression of constants evaluates to; otherwise undefined. */
function valueOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string | string[] | undefined {
  const of = (each: ts.Expression) => valueOf(each, constants);
  if (ts.isAsExpression(node)) return of(node.expression);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) return constants.has(node.text) ? of(constants.get(node.text)!) : undefined;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((each) => String(of(each)));
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'String.raw')
    return templateOf(node.template, of, true);
  if (ts.isTemplateExpression(node)) return templateOf(node, of, false);
  if (
    ts.isCallExpression(node) &&
    nameOf(node.expression) === 'join' &&
    ts.isPropertyAccessExpression(node.expression)
  ) {
    const list = of(node.expression.expression);
    return Array.isArray(list) ? list.join(String(of(node.arguments[0]!))) : undefined;
  }
  return undefined;
}

function templateOf(
  node: ts.TemplateLiteral,
  of: (each: ts.Expression) => string | string[] | undefined,
  isRaw: boolean,
): string | undefined {
  const textOf = (part: ts.TemplateLiteralLikeNode) => (isRaw ? (part.rawText ?? part.text) : part.text);
  if (ts.isNoSubstitutionTemplateLiteral(node)) return textOf(node);
  const parts = node.templateSpans.map(({ expression, literal }) => {
    const value = of(expression);
    return typeof value === 'string' ? value + textOf(literal) : undefined;
  });
  return parts.includes(undefined) ? undefined : textOf(node.head) + parts.join('');
}

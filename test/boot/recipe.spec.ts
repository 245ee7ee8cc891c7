import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { cleanClone } from './clean-clone.js';
import { REPOSITORY } from './program.js';

const run = promisify(execFile);

/** A step of the recipe: its code block, and the first file that its text names. */
interface Step {
  readonly file: string;
  readonly code: string;
}

let copy: string;
beforeAll(async () => {
  copy = await cleanClone();
  await symlink(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

test('the recipe "Add a resource" of CONTRIBUTING.md makes a resource that passes its checks', async () => {
  const [scope, entity, manifest, index, migration, routes, call, id, examples, catalogue, commands] =
    await stepsOf('Add a resource');
  await change(scope!.file, (text) => insertInOrder(text, scope!.code));
  await change(entity!.file, () => entity!.code);
  await change(manifest!.file, () => manifest!.code);
  await change(index!.file, (text) => append(text, index!.code, 'cannedReplies'));
  await addMigration(migration!);
  await change(routes!.file, (text) => `${text}${routes!.code}\n`);
  await change(call!.file, (text) => text.replace('const PLAIN: readonly Plain[] = [', `$&\n  ${call!.code}`));
  await change(id!.file, (text) => text.replace('export const EXAMPLE_IDS = {', `$&\n  ${id!.code}`));
  await change(examples!.file, () => examples!.code);
  await change(catalogue!.file, (text) => append(text, catalogue!.code, 'cannedReplyExamples'));
  for (const command of commands!.code.split('\n')) {
    const { PATH, HOME } = process.env;
    await run('sh', ['-c', command], {
      cwd: copy,
      env: { PATH, HOME, TMPDIR: tmpdir() },
      maxBuffer: 16 * 1024 * 1024,
    }).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
      expect.fail(`${command} failed:\n${(stdout + stderr).slice(-4_000)}`);
    });
  }
});

async function stepsOf(title: string): Promise<Step[]> {
  const page = await readFile(join(REPOSITORY, 'CONTRIBUTING.md'), 'utf8');
  const section = page.slice(page.indexOf(`## ${title}\n`)).split(/^## /m)[1]!;
  return section
    .split(/^\d+\. /m)
    .slice(1)
    .map((step) => {
      const [, code = ''] = /^ {3,4}```\w+\n(.*?)^ {3,4}```$/ms.exec(step) ?? [];
      const [, file = ''] = /`((?:src|migrations|test)\/[^`]+)`/.exec(step) ?? [];
      return { file, code: code.replaceAll(/^ {3,4}(?=\S)|^ {3}/gm, '').trimEnd() };
    });
}

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const path = join(copy, file);
  const before = await readFile(path, 'utf8').catch(() => '');
  const after = edit(before);
  expect({ file, isChanged: after !== before }).toEqual({ file, isChanged: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, after);
}

/** Inserts the line alphabetically among those with the same prefix. */
function insertInOrder(text: string, line: string): string {
  const lines = text.split('\n');
  const start = `  ${line.slice(0, line.indexOf("'") + 1)}`;
  const next = lines.findIndex((each) => each.startsWith(start) && each.trim() > line);
  return lines.toSpliced(next, 0, `  ${line}`).join('\n');
}

/** Appends an import to the imports, and a name to the list. */
function append(text: string, line: string, name: string): string {
  const imports = text.lastIndexOf('\nimport ');
  const end = text.indexOf('\n', imports + 1);
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`.replace(/\n\];\n*$/, `\n  ${name},\n];\n`);
}

async function addMigration({ file, code }: Step): Promise<void> {
  const Last = MIGRATIONS.at(-1)!;
  const last = Number(new Last().name!.slice(-4));
  const number = String(last + 1).padStart(4, '0');
  const path = file.replace('NNNN', number);
  await change(path, () => code.replaceAll('NNNN', number));
  const name = `CannedReplies176380000${number}`;
  const line = `import { ${name} } from './${path.slice('migrations/'.length).replace(/\.ts$/, '.js')}';`;
  await change('migrations/index.ts', (text) => append(text, line, name));
}

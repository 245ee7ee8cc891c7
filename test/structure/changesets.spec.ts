import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const COPIED = ['package.json', 'CHANGELOG.md', '.changeset', '.prettierrc.json'];
const folder = temporaryFolder();

it('a release writes every changeset above the entries of earlier releases', () => {
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.changeset/doors.md'), `---\n'gatehouse': minor\n---\n\n**Doors**: they open.\n`);
  const changesets = textsOf(join(folder, '.changeset'));
  const earlier = releasesIn(join(folder, 'CHANGELOG.md'));

  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync(resolve('node_modules/.bin/changeset'), ['version'], { cwd: folder });

  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const [written, ...others] = releasesIn(join(folder, 'CHANGELOG.md'));
  expect(written!.startsWith(`${version}\n`)).toBe(true);
  expect(changesets.filter((text) => !inOneLine(written!).includes(text))).toEqual([]);
  expect(others).toEqual(earlier);
  expect(textsOf(join(folder, '.changeset'))).toEqual([]);
});

function textsOf(changesets: string): string[] {
  const files = readdirSync(changesets).filter((name) => name.endsWith('.md'));
  return files.map((name) => inOneLine(readFileSync(join(changesets, name), 'utf8').split(/^---$/m)[2]!));
}

function releasesIn(changelog: string): string[] {
  return readFileSync(changelog, 'utf8').split(/^## /m).slice(1);
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

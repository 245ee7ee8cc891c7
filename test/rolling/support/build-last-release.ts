import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the last release's source, with its build in `dist/`. */
    lastRelease: string;
  }
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

const REPOSITORY = resolve(import.meta.dirname, '..', '..', '..');
const RECORD = join(REPOSITORY, 'test', 'rolling', 'last-release.json');
/** Inside the repository, so that a build finds the repository's packages. Git ignores it. */
const BUILDS = join(REPOSITORY, '.data', 'releases');
const run = promisify(execFile);

/** Builds the last release from this repository's history, unless an earlier run has. */
export async function setup(project: TestProject): Promise<void> {
  const { commit } = JSON.parse(await readFile(RECORD, 'utf8')) as { commit: string };
  const folder = join(BUILDS, commit);
  if (!existsSync(folder)) await build(commit, folder);
  await usePackages(folder);
  project.provide('lastRelease', folder);
}

/** @param folder appears when it is complete */
async function build(commit: string, folder: string): Promise<void> {
  await mkdir(BUILDS, { recursive: true });
  const begun = await mkdtemp(`${folder}-`);
  await checkOut(commit, begun);
  const compiler = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', 'dist'], { cwd: begun });
  await rename(begun, folder);
}

/** @throws Error if the history lacks the commit, as that of a shallow clone does */
async function checkOut(commit: string, folder: string): Promise<void> {
  const archive = spawn('git', ['archive', commit], { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'inherit'] });
  const unpack = spawn('tar', ['-x', '-C', folder], { stdio: [archive.stdout, 'ignore', 'inherit'] });
  const codes = await Promise.all([archive, unpack].map(async (child) => (await once(child, 'exit'))[0] as number));
  if (codes.some((code) => code !== 0)) throw new Error(`this clone can't read the last release, commit ${commit}`);
}

/** Installs the release's packages if those of the repository, which it finds by itself, have other versions. */
async function usePackages(folder: string): Promise<void> {
  const [released, present] = await Promise.all([folder, REPOSITORY].map(readLockFile));
  const shipped = Object.entries(released!.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const installed = join(folder, 'node_modules');
  if (shipped.every(([path, { version }]) => present!.packages[path]?.version === version)) {
    return rm(installed, { recursive: true, force: true });
  }
  if (existsSync(join(installed, '.package-lock.json'))) return;
  await run('npm', ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts'], { cwd: folder });
}

async function readLockFile(folder: string): Promise<LockFile> {
  return JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as LockFile;
}

import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseCommandLine, UsageError } from './command-line.js';
import { defineCommand } from './command.js';

const run = () => Promise.reject(new Error('not run here'));
const list = defineCommand({ name: 'cat list', summary: 'List them.', options: {}, run });
const feed = defineCommand({
  name: 'cat feed',
  argument: 'ID',
  summary: 'Feed one.',
  options: {
    with: { kind: 'text', placeholder: 'FOOD', help: 'what it gets', isRequired: true, choices: ['fish', 'milk'] },
    side: { kind: 'list', placeholder: 'DISH', help: 'beside it' },
    warm: { kind: 'flag', help: 'not from the fridge' },
  },
  run,
});
const commands = { 'cat list': async () => list, 'cat feed': async () => feed };
const textOf = async (line: string) => stripVTControlCharacters(((await parse(line)) as { text: string }).text);
const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), commands);

describe('a command line', () => {
  test('names a command, with options and the argument in any order', async () => {
    const parsed = { command: feed, argument: 'tom', isJson: true };
    expect(await parse('cat feed --side a --warm tom --with fish --side=b --json')).toEqual({
      ...parsed,
      options: { with: 'fish', side: ['a', 'b'], warm: true },
    });
    expect(await parse('cat feed tom --with milk --json')).toEqual({
      ...parsed,
      options: { with: 'milk', side: undefined, warm: false },
    });
  });

  test.each([
    ['', /Which command/],
    ['dog', /no command "dog"/],
    ['cat', /no command "cat".*Did you mean: cat list, cat feed/],
    ['cat feed tom', /--with is missing\..*Usage: gatehouse cat feed ID --with FOOD \[--side DISH\]… \[--warm\]/],
    ['cat fed tom', /no command "cat fed"\. Did you mean feed\?/],
    ['cta list', /no command "cta"\. Did you mean cat\?/],
    ['cat feed --with fish', /Missing required argument 'ID'\. Usage/],
    [
      'cat feed tom jerry --with fish',
      /Too many arguments for 'feed'\. Expected 1 argument but got 2: tom, jerry\. Usage/,
    ],
    ['cat list tom', /Too many arguments for 'list'/],
    ['cat feed tom --with fish --loud', /Unknown option '--loud'\. Usage/],
    ['cat feed tom --with fish --worm', /Unknown option '--worm'\. Did you mean --warm\? Usage/],
    ['cat feed tom --with beer', /--with must be one of fish, milk\. Usage/],
    ['cat feed tom --with', /Option '--with <FOOD>' argument missing\. Usage/],
    ['completion tcsh', /Allowed choices are bash, zsh, fish/],
  ])('%j is refused with one line that says what is right', async (line, message) => {
    await expect(parse(line)).rejects.toThrow(message);
    await expect(parse(line)).rejects.toThrow(UsageError);
    await expect(parse(line)).rejects.not.toThrow(/\n/);
  });

  test.each([['cat feed --help'], ['help cat feed']])('%s explains the command', async (line) => {
    const [, ...lines] = (await textOf(line)).split('\n');
    expect(lines.join('\n')).toBe(`
Feed one.

Options:
  --with <FOOD>  what it gets (choices: "fish", "milk")
  --side <DISH>  beside it; repeatable
  --warm         not from the fridge
  --json         print one JSON document on stdout
  -h, --help     display help for command`);
  });

  test.each([['--help'], ['help'], ['cat --help'], ['help cat']])(
    '%s lists every command with its group',
    async (line) => {
      expect(await textOf(line)).toMatch(/\n {2}cat list +List them\.\n {2}cat feed ID +Feed one\./);
    },
  );

  test('--version prints the version of the package', async () => {
    expect(await textOf('--version')).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('the completion in bash', () => {
  /** Returns the candidates for Tab at the end of the line. */
  async function offers(line: string): Promise<string[]> {
    const words = line.split(' ');
    const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const script = `${await textOf('completion bash')}\n${set}; _gatehouse; printf '%s\n' "\${COMPREPLY[@]}"`;
    return (await promisify(execFile)('bash', ['-c', script])).stdout.trim().split('\n');
  }

  test.each([
    ['gatehouse ', ['start', 'demo', 'cat', 'completion', '--version', '--help']],
    ['gatehouse c', ['cat', 'completion']],
    ['gatehouse cat ', ['list', 'feed', '--help']],
    ['gatehouse cat feed --', ['--with', '--side', '--warm', '--json', '--help']],
    ['gatehouse cat feed --with fish --si', ['--side']],
    ['gatehouse completion ', ['bash', 'zsh', 'fish', '--help']],
  ])('offers the words that may follow "%s"', async (line, words) => {
    expect(await offers(line)).toEqual(words);
  });
});

test('the completion in fish describes each command and option', async () => {
  const script = await textOf('completion fish');
  expect(script).toContain(`complete -c gatehouse -n "__gatehouse_at ' cat'" -f -a feed -d 'Feed one.'`);
  expect(script).toContain(`complete -c gatehouse -n "__gatehouse_at ' cat feed'" -l warm -d 'not from the fridge'`);
});

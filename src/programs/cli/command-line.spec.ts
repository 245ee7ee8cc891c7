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
const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), commands);

describe('a command line', () => {
  test('is the command of its words, with its options and its argument in any order', async () => {
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
    ['cat feed --with fish', /ID is missing/],
    ['cat feed tom jerry --with fish', /"jerry" is one word too many/],
    ['cat list tom', /"tom" is one word too many/],
    ['cat feed tom --with fish --loud', /Unknown option '--loud'/],
    ['cat feed tom --with beer', /--with is one of fish, milk/],
    ['cat feed tom --with', /--with <value>' argument missing/],
  ])('%j is refused in one line that helps on', async (line, message) => {
    await expect(parse(line)).rejects.toThrow(message);
    await expect(parse(line)).rejects.toThrow(UsageError);
    await expect(parse(line)).rejects.not.toThrow(/\n/);
  });

  test('with --help is answered by its manual, made from its definition', async () => {
    expect(await parse('cat feed --help')).toEqual({
      help: `Usage: gatehouse cat feed ID --with FOOD [--side DISH]… [--warm] [--json]

Feed one.

  --with FOOD  what it gets: fish, milk
  --side DISH  beside it; may be given several times
  --warm       not from the fridge
  --json       one JSON document on stdout
  --help       this text`,
    });
    expect(await parse('--help')).toEqual({
      help: expect.stringMatching(/cat list +List them\.\n +cat feed ID +Feed one\./),
    });
    expect(await parse('cat --help')).toEqual(await parse('--help'));
  });
});

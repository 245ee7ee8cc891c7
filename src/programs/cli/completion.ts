import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Place {
  /** The words of a command or group, each with a leading space. Empty for the root. */
  readonly path: string;
  readonly next: readonly { readonly word: string; readonly help: string }[];
}

const HELP = { word: '--help', help: 'display help' };

/** Returns a completion script with the whole command tree, so that completing starts no process. */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesIn(program, '');
  return shell === 'fish' ? fishScript(places) : `${shell === 'zsh' ? ZSH_PREAMBLE : ''}${bashScript(places)}`;
}

function placesIn(command: Command, path: string): Place[] {
  const commands = command.commands.map((each) => ({ word: each.name(), help: each.description() }));
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const options = command.options.map(({ long, description }) => ({ word: long!, help: description }));
  const next = [...commands, ...choices.map((word) => ({ word, help: '' })), ...options, HELP];
  return [{ path, next }, ...command.commands.flatMap((each) => placesIn(each, `${path} ${each.name()}`))];
}
const ZSH_PREAMBLE = 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n';

function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ path, next }) => `    '${path}') next='${next.map(({ word }) => word).join(' ')}' ;;`);
  return `_gatehouse() {
  local place='' word next=''
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$place $word" in
      ${pathsOf(places).join(' | ')}) place="$place $word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _gatehouse gatehouse
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, next }) =>
    next.map(({ word, help }) => {
      const candidate = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c gatehouse -n "__gatehouse_at '${path}'" ${candidate} -d '${help.replaceAll(/['\\]/g, '\\$&')}'`;
    }),
  );
  return `function __gatehouse_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    contains -- "$place $word" ${pathsOf(places).join(' ')}
    and set place "$place $word"
  end
  test "$place" = "$argv"
end
${lines.join('\n')}
`;
}

function pathsOf(places: readonly Place[]): string[] {
  return places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
}

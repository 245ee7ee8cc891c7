import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Cmd, type Copy, DockerfileParser, type Env, type From, type Instruction } from 'dockerfile-ast';
import { Child, type Ending } from '../../support/child-process.js';

/** How this machine reaches the npm registry. */
const NETWORK = Object.entries(process.env)
  .filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|(http|https|no)_proxy|npm_config_(registry|cafile|userconfig))$/i.test(name),
  )
  .map(([name, value]) => `${name}=${value}`);

interface Stage {
  readonly name: string;
  readonly steps: Instruction[];
}

/**
 * Runs the instructions of the Dockerfile without a container engine. Each stage is an overlay of this machine's files,
 * in a mount namespace that ends with the server, so that absolute paths mean what they mean in the image. Node 24 of
 * this repository takes the place of the base image.
 */
export class Image {
  private constructor(private readonly child: Child) {}

  /** Builds the image, then runs its CMD as its USER. */
  static run(folder: string, environment: Readonly<Record<string, string>>): Image {
    const script = join(folder, 'build.sh');
    const layers = join(folder, 'layers');
    mkdirSync(layers);
    writeFileSync(script, buildScript(layers, environment));
    return new Image(new Child('unshare', ['--mount', '--propagation', 'private', 'sh', '-eu', script], { cwd: '/' }));
  }

  get output(): string {
    return this.child.output;
  }

  get isRunning(): boolean {
    return this.child.isRunning;
  }

  /** Where a file of the image is readable while the server runs. */
  pathOf(file: string): string {
    return `/proc/${this.child.pid}/root${file}`;
  }

  /** The id of the user that runs the server. */
  get userId(): number {
    return statSync(`/proc/${this.child.pid}`).uid;
  }

  stop(): Promise<Ending> {
    return this.child.end('SIGTERM');
  }
}

function stages(): Stage[] {
  const all: { name: string; steps: Instruction[] }[] = [];
  for (const instruction of DockerfileParser.parse(readFileSync('Dockerfile', 'utf8')).getInstructions()) {
    if (instruction.getKeyword() !== 'FROM') all.at(-1)!.steps.push(instruction);
    else all.push({ name: (instruction as From).getBuildStage() ?? String(all.length), steps: [] });
  }
  return all;
}

function buildScript(folder: string, environment: Readonly<Record<string, string>>): string {
  const path = `PATH=${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const all = stages();
  // An overlay can't contain its own layers, so these are on a file system of their own.
  const lines = [`mount -t tmpfs tmpfs ${folder}`];
  for (const [index, { steps }] of all.entries()) {
    const layer = join(folder, String(index));
    const root = join(layer, 'root');
    const variables: string[] = ['HOME=/root', path, ...NETWORK];
    let workdir = '/';
    let user = 'root';
    lines.push(
      `mkdir -p ${layer}/upper ${layer}/work ${root}`,
      `mount -t overlay overlay -o lowerdir=/,upperdir=${layer}/upper,workdir=${layer}/work ${root}`,
      `mount -t proc proc ${root}/proc`,
      `mount --rbind /dev ${root}/dev`,
      // The base image has this user.
      `chroot ${root} sh -c 'id node >/dev/null 2>&1 || useradd --no-create-home node'`,
    );
    const inStage = (command: string) =>
      `env -i ${variables.map(quote).join(' ')} chroot --userspec=${user} ${root} sh -c ${quote(`cd ${workdir} && ${command}`)}`;
    for (const step of steps) {
      switch (step.getKeyword()) {
        case 'WORKDIR':
          workdir = step.getArgumentsContent()!;
          lines.push(`mkdir -p ${root}${workdir}`);
          break;
        case 'ENV':
          variables.push(...(step as Env).getProperties().map((each) => `${each.getName()}=${each.getValue()}`));
          break;
        case 'COPY':
          lines.push(copy(step as Copy, join(root, workdir), folder, all));
          break;
        case 'RUN':
          lines.push(inStage(step.getArgumentsContent()!));
          break;
        case 'USER':
          user = step.getArgumentsContent()!;
          break;
        case 'CMD':
          variables.push(...Object.entries(environment).map(([name, value]) => `${name}=${value}`));
          lines.push('echo "the image is built"', `exec ${inStage(`exec ${commandOf(step as Cmd)}`)}`);
          break;
        case 'EXPOSE':
        case 'HEALTHCHECK':
          break;
        default:
          throw new Error(`${step.getKeyword()} is not supported here`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function copy(step: Copy, target: string, folder: string, all: readonly Stage[]): string {
  const paths = step.getArguments().map((argument) => argument.getValue());
  const sources = paths.slice(0, -1);
  const destination = join(target, paths.at(-1)!);
  const from = step.getFromFlag()?.getValue();
  const base =
    from === undefined || from === null
      ? process.cwd()
      : join(folder, String(all.findIndex(({ name }) => name === from)), 'root');
  const isFolder = sources.length > 1 || paths.at(-1)!.endsWith('/');
  const copies = sources.map((source) => {
    // `-T` copies the content of a folder, as COPY does.
    const [option, place] = isFolder ? ['', `${destination}/`] : ['-T', destination];
    return `cp -r ${option} ${join(base, source)} ${place}`;
  });
  return [`mkdir -p ${isFolder ? destination : dirname(destination)}`, ...copies].join('\n');
}

function commandOf(step: Cmd): string {
  return (JSON.parse(step.getArgumentsContent()!) as string[]).map(quote).join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

// Runs the built program as a child process, as a user does. The build is made once where there is none, or where a
// source is newer than it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/src/cli/main.js');
const sources = ['src', 'scheduler', 'scenarios', 'properties'];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of the user's own, in which `racewalk` is installed. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'racewalk-cli-'));
  readonly #running = new Set<ChildProcess>();

  /** @param install as this copy of racewalk, or as another one with the same content */
  constructor(install: 'link' | 'copy' = 'link') {
    const installed = join(this.path, 'node_modules', 'racewalk');
    mkdirSync(join(this.path, 'node_modules'));
    if (install === 'link') {
      symlinkSync(root, installed, 'dir');
      return;
    }
    for (const part of ['dist', 'package.json'])
      cpSync(join(root, part), join(installed, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'), 'dir');
  }

  /** Ends what still runs in it, and removes it. */
  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  readBytes(name: string): Uint8Array {
    return readFileSync(join(this.path, name));
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  /** The only file of a folder. */
  onlyFileIn(name: string): string {
    const files = readdirSync(join(this.path, name));
    if (files.length !== 1) throw new Error(`${name} holds ${files.join(', ')}`);
    return join(name, files[0] ?? '');
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    return this.#spawn(process.execPath, [main, ...args], env);
  }

  /** Runs a line of shell in which $RACEWALK is the program. */
  shell(line: string): Promise<Ended> {
    const env = { RACEWALK: `'${process.execPath}' '${main}'` };
    return this.#spawn('bash', ['-c', line.replaceAll('$RACEWALK', env.RACEWALK)], env).ended;
  }

  #spawn(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
    const child = spawn(command, args, {
      cwd: this.path,
      env: { ...withoutRacewalk(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    const running = new Running(child);
    void running.ended.finally(() => this.#running.delete(child));
    return running;
  }
}

/** A child process under way. */
export class Running {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (data: Buffer) => (this.#stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (this.#stderr += data.toString()));
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Ends it as nothing else does: it can neither notice nor tell. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Waits until stderr says this. */
  async says(text: string): Promise<void> {
    while (!this.#stderr.includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`it ended without "${text}"`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** The variables of this process, without those that racewalk reads. */
function withoutRacewalk(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RACEWALK_')));
}

/** Builds the program unless its build is up to date; for `beforeAll`. Of several processes, one builds. */
export async function build(): Promise<void> {
  const lock = join(root, 'node_modules', '.racewalk-build');
  for (;;) {
    if (existsSync(main) && statSync(main).mtimeMs >= newest(sources)) return;
    try {
      mkdirSync(lock);
      break;
    } catch {
      const isStale = existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 120_000;
      if (isStale) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function newest(folders: readonly string[]): number {
  const times = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  return Math.max(...times);
}

/** What --json prints. */
export type Document = Readonly<Record<string, unknown>>;

export function parse(text: string): Document {
  return JSON.parse(text) as Document;
}

/** A line of a stack trace. */
export const stackTrace = /\n\s+at .+:\d+:\d+/;

#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { wallClock } from './clock.ts';
import { checkDuration } from './config/duration.ts';
import { PAYLOAD_KINDS, PRIORITIES } from './evidence/task.ts';
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts';

function duration(text: string): number {
  const checked = checkDuration(text);
  if (!checked.ok) throw new InvalidArgumentError(`It ${checked.problem}. ${checked.remedy}`);
  return checked.value;
}

function seed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is no seed. Write a whole number of up to 9 digits.');
  return Number(text);
}

function several<T>(one: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map((part) => one(part.trim()));
}

function times(text: string): number {
  if (!/^([1-9]|1\d|20)$/.test(text))
    throw new InvalidArgumentError('It is no number of claims. Write a whole number from 1 to 20.');
  return Number(text);
}

const configOption = (about = 'the probe file') => new Option('-c, --config <file>', about).env('TC_CANARY_CONFIG');

const listenOption = () =>
  new Option(
    '--listen <address>',
    'where it has its page, metrics and health: [host:]port, or none (default: 127.0.0.1:8080)',
  ).env('TC_CANARY_LISTEN');

/** @throws {UsageError} where neither the option nor the variable names a probe file */
function configured<T extends { config?: string }>(options: T): T & { config: string } {
  const { config } = options;
  if (config !== undefined && config !== '') return { ...options, config };
  throw new UsageError(
    'no probe file is named; write --config <file>, or set TC_CANARY_CONFIG to its path. The probes folder has examples to begin with',
  );
}

/** argv to one command. Commands are imported when they run, so that `--version` loads none. */
function program(io: Io, done: (code: ExitCode) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const cli = new Command('tc-canary')
    .description('Tells whether a Taskcluster task submitted right now would be claimed, how fast, and, when it would not, why.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(see tc-canary --help)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });

  cli
    .command('probe')
    .description('submit a canary to each pool now, watch it, and answer')
    .argument('<pool...>', 'worker pools, such as gecko-3/decision')
    .addOption(
      new Option('-t, --timeout <duration>', 'how long a claim may take').argParser(duration).default(duration('10m'), '10m'),
    )
    .addOption(new Option('-p, --payload <kind>', 'what the task does').choices(['auto', ...PAYLOAD_KINDS]).default('auto'))
    .addOption(new Option('--priority <priority>', "the task's priority").choices([...PRIORITIES]).default('lowest'))
    .option('-k, --keep', 'leave the canary in the queue instead of cancelling it', false)
    .option('--json', 'print the answer as JSON', false)
    .action(async (pools: string[], options) => done(await (await import('./commands/probe.ts')).probe(pools, options, io)));

  cli
    .command('inspect')
    .description('show all that can be read of worker pools, or what is worth a look in the whole deployment, and why')
    .argument('[pool...]', 'worker pools, such as gecko-3/decision; none: the whole deployment')
    .addOption(configOption('a probe file, for what its store knows beside'))
    .addOption(
      new Option('-w, --watch <duration>', 'how long to watch at the most whether tasks are claimed')
        .argParser(duration)
        .default(duration('20s'), '20s'),
    )
    .option('--no-watch', 'look once')
    .option('--json', 'print what was found as JSON', false)
    .action(async (pools: string[], options) => done(await (await import('./commands/inspect.ts')).inspect(pools, options, io)));

  cli
    .command('run')
    .description('watch the pools of a probe file: submit canaries, follow them, alert')
    .addOption(configOption())
    .option('--once', 'one pass and its deliveries, for a CronJob', false)
    .addOption(listenOption())
    .action(async (options) => done(await (await import('./commands/run.ts')).run(configured(options), io)));

  cli
    .command('report')
    .description('show latencies by probe from the store')
    .addOption(configOption())
    .addOption(new Option('-s, --since <duration>', 'how far to look back').argParser(duration).default(duration('24h'), '24h'))
    .option('--json', 'print the report as JSON', false)
    .action(async (options) => done(await (await import('./commands/report.ts')).report(configured(options), io)));

  cli
    .command('dashboard')
    .description('show how the pools are doing in Slack, now')
    .addOption(configOption())
    .option('-n, --dry-run', 'print the message instead: as text, and as the blocks that Slack would get', false)
    .action(async (options) => done(await (await import('./commands/dashboard.ts')).dashboard(configured(options), io)));

  silenceCommands(cli, io, done);
  storeCommands(cli, io, done);

  cli
    .command('drill')
    .description('replay real outages in virtual time: when would somebody have been paged?')
    .argument('<drill>', 'a drill file, the beginning of the name of one that comes along, such as 2021-10-08, or all')
    .addOption(new Option('-c, --config <file>', "play on this probe file, and not on the drill's own"))
    .addOption(new Option('--seed <number>', 'play another night of the same kind').argParser(seed))
    .option('--json', 'print what happened as JSON', false)
    .action(async (asked: string, options) => done(await (await import('./commands/drill.ts')).drill(asked, options, io)));

  cli
    .command('replay')
    .description('replay stored history with other thresholds: how often would you have been paged, and how soon?')
    .argument('[match...]', 'pools, globs over pools, or names of probes; none: all')
    .addOption(configOption())
    .addOption(new Option('-s, --since <duration>', 'how far to look back').argParser(duration).default(duration('30d'), '30d'))
    .addOption(
      new Option('--warn-after <duration>', 'for every probe; several with commas for --sweep').argParser(several(duration)),
    )
    .addOption(
      new Option('--page-after <duration>', 'for every probe; several with commas for --sweep').argParser(several(duration)),
    )
    .addOption(
      new Option('--resolve-after <claims>', 'for every probe; several with commas for --sweep').argParser(several(times)),
    )
    .option('--sweep', 'replay with a grid of thresholds around those in force, or those given', false)
    .option('--json', 'print it as JSON', false)
    .action(async (match: string[], options) =>
      done(await (await import('./commands/replay.ts')).replay(match, configured(options), io)),
    );

  cli
    .command('sandbox')
    .description('play the whole thing on a simulated deployment, live')
    .addOption(new Option('--for <duration>', 'stop after this long').argParser(duration))
    .addOption(listenOption())
    .action(async (options) => done(await (await import('./commands/sandbox.ts')).sandbox(options, io)));

  return cli;
}

/** What `list` and `end` share with their parent, the parent takes, wherever it stands. */
function silenceCommands(cli: Command, io: Io, done: (code: ExitCode) => void): void {
  const silence = cli
    .command('silence')
    .description('tell nobody of a pool, a glob over pools, a probe or a cause for a while')
    .argument('<match>', 'what it is about, such as gecko-3/decision, "gecko-t/*" or queue-unreachable')
    .addOption(configOption())
    .addOption(new Option('--for <duration>', 'for how long, such as 2h; required').argParser(duration))
    .option('--reason <text>', 'why; required')
    .option('--by <name>', 'who is silencing (default: $USER)')
    .action(async (match: string, options) =>
      done(await (await import('./commands/silence.ts')).silence(match, configured(options), io)),
    );
  silence
    .command('list')
    .description('show silences and maintenance windows')
    .addOption(configOption())
    .option('--all', 'those too that are over', false)
    .option('--json', 'print them as JSON', false)
    .action(async (_options, command: Command) =>
      done(await (await import('./commands/silence-list.ts')).silenceList(configured(command.optsWithGlobals()), io)),
    );
  silence
    .command('end')
    .description('end a silence before its time')
    .argument('<id>', 'as silence list shows it')
    .addOption(configOption())
    .action(async (id: string, _options, command: Command) =>
      done(await (await import('./commands/silence.ts')).silenceEnd(id, configured(command.optsWithGlobals()), io)),
    );
}

function storeCommands(cli: Command, io: Io, done: (code: ExitCode) => void): void {
  const store = cli.command('store').description('look after the store of a probe file');
  store
    .command('migrate')
    .description('bring its schema up to date, as every command does that opens it')
    .addOption(configOption())
    .action(async (options) => done(await (await import('./commands/store.ts')).storeMigrate(configured(options), io)));
  store
    .command('stats')
    .description('show engine, schema, and rows and sizes by table')
    .addOption(configOption())
    .option('--json', 'print them as JSON', false)
    .action(async (options) => done(await (await import('./commands/store.ts')).storeStats(configured(options), io)));
  store
    .command('export')
    .description('write everything as JSON lines; the service may go on meanwhile')
    .addOption(configOption())
    .option('-o, --out <file>', 'a file to write (default: standard output)')
    .action(async (options) => done(await (await import('./commands/store-transfer.ts')).storeExport(configured(options), io)));
  store
    .command('import')
    .description('read an export into an empty store of either engine, all or nothing')
    .argument('<file>', 'what export wrote; /dev/stdin for a pipe')
    .addOption(configOption())
    .action(async (file: string, options) =>
      done(await (await import('./commands/store-transfer.ts')).storeImport(file, configured(options), io)),
    );
}

/** Those of the store that somebody may mend without touching what we were told. */
const PASSING_FAULTS: ReadonlySet<string> = new Set(['full', 'unreachable', 'read-only', 'failed']);

/** Configuration errors carry all they have to say in their message; a stack would hide it. */
function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const named = error instanceof Error ? error : new Error(String(error));
  if (named instanceof UsageError || named.name === 'ConfigError') {
    io.stderr.write(`${named.message}\n`);
    return EXIT.usage;
  }
  if (named.name === 'StoreError') {
    io.stderr.write(`${named.message}\n`);
    const fault = 'fault' in named ? String(named.fault) : 'failed';
    return PASSING_FAULTS.has(fault) ? EXIT.couldNotAsk : EXIT.usage;
  }
  io.stderr.write(`${named.stack ?? named.message}\n`);
  return EXIT.couldNotAsk;
}

async function main(argv: string[]): Promise<ExitCode> {
  const { stdout, stderr, env } = process;
  const stopping = new AbortController();
  let code: ExitCode = EXIT.ok;
  // A closed terminal would leave canaries behind; a process without one, as nohup makes it, is meant to outlive it.
  for (const signal of ['SIGINT', 'SIGTERM', ...(stdout.isTTY ? (['SIGHUP'] as const) : [])] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for the clearing up.
      if (stopping.signal.aborted) process.exit(EXIT.interrupted);
      stopping.abort(signal);
    });
  }
  let unwritten: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    unwritten = error;
    stopping.abort(error.code);
  });
  const io: Io = { env, clock: wallClock, stdout, stderr, stop: stopping.signal };
  try {
    await program(io, (result) => {
      code = result;
    }).parseAsync(argv);
  } catch (error) {
    code = explain(error, io);
  }
  await new Promise((resolve) => stdout.write('', resolve));
  // The reader of a pipe that has gone has seen what it wanted.
  if (unwritten === undefined || unwritten.code === 'EPIPE') return code;
  stderr.write(`the answer could not be written: ${unwritten.message}\n`);
  return EXIT.couldNotAsk;
}

process.exit(await main(process.argv));

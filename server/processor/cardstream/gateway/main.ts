/** `npm run cardstream:simulator`: the stand-in as a process of its own. */
import { parseFlags } from './flags';
import { listen } from './listen';

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  const gateway = await listen({ ...flags, clock: Date.now });
  const accounts = flags.accounts.map(({ merchantID }) => merchantID).join(', ');
  process.stdout.write(
    `The Cardstream stand-in is ready at ${gateway.url} for ${accounts} (no money moves here)\n`,
  );
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      void gateway.stop().then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`cardstream: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

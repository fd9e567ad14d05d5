// Prints the texts of all campaigns of a built package as JSON: `node print-campaigns.js DIST`.
import { pathToFileURL } from 'node:url';
import { campaigns } from './campaign.js';

const dist = pathToFileURL(`${process.argv[2]}/`);
const [scheduler, scenarios, replayFile] = await Promise.all(
  ['scheduler/index.js', 'scenarios/index.js', 'src/index.js'].map(
    (file) => import(new URL(file, dist).href),
  ),
);
const texts = campaigns({ scheduler, scenarios, replayFile }).map(({ label, run }) => [
  label,
  run(),
]);
process.stdout.write(JSON.stringify(texts));

// `npm run version` runs this: the chart has the version of the package.
import { readFileSync, writeFileSync } from 'node:fs';

const CHART = 'deploy/helm/gatehouse/Chart.yaml';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const chart = readFileSync(CHART, 'utf8').replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`);
writeFileSync(CHART, chart);

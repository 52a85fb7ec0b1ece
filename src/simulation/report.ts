import { ratioOf } from '../risk/model/parts-per-million.js';
import { barChart, crashChart, leverageChart } from './charts.js';
import { studyToHtml } from './report-html.js';
import { studyToJson, type StudySources } from './report-json.js';
import type { Study } from './study.js';

/** A report's files by name: simulation.html, simulation.json and one SVG a chart under simulation/. */
export function studyFiles(study: Study, sources: StudySources): ReadonlyMap<string, string> {
  const charts = chartsOf(study);
  return new Map([
    ['simulation.html', studyToHtml(study, charts, sources)],
    ['simulation.json', `${JSON.stringify(studyToJson(study, sources), null, 2)}\n`],
    ...[...charts].map(([name, svg]) => [`simulation/${name}.svg`, svg] as const),
  ]);
}

/** Names within a picture are numbered by the library through the whole process: here by picture, so that the same study gives the same bytes. */
function numbered(name: string, svg: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/zr\d+-(?:cls-|[a-z])\d+/g, (found) => {
    const known = names.get(found) ?? `${name}-${names.size}`;
    names.set(found, known);
    return known;
  });
}

function chartsOf(study: Study): ReadonlyMap<string, string> {
  const percent = (ppm: bigint): number => 100 * ratioOf(ppm);
  const charts = [
    ['bad-debt', barChart(study, 'bad debt, % of open interest', ({ badDebt }) => percent(badDebt))],
    ['shared', barChart(study, 'losses shared, % of open interest', ({ shared }) => percent(shared))],
    ['conceded', barChart(study, 'what sold accounts lost by being sold, % of what was sold', ({ conceded, sold }) => (sold === 0n ? 0 : (100 * Number(conceded)) / Number(sold)))],
    ['liquidations', barChart(study, 'liquidations, a run', ({ liquidations, runs }) => liquidations / runs)],
    ['under-water', barChart(study, 'longest time under water, hours', ({ longestUnderWater }) => longestUnderWater / 3_600)],
    ['leverage', leverageChart(study)],
    ...study.crashes.map((crash) => [`crash-${crash.replaceAll(/[^A-Za-z0-9-]/g, '_')}`, crashChart(study, crash)] as const),
  ] as const;
  return new Map(charts.map(([name, svg]) => [name, numbered(name, svg)]));
}

import cliProgress from "cli-progress";
import type { DataFile, DataSet } from "../../tasks/data/dataSet.js";
import { dataSets } from "../../tasks/data/dataSets.js";
import type { Download } from "../../tasks/data/download.js";
import { getData } from "../../tasks/data/getData.js";
import { megabytes } from "../../tasks/data/megabytes.js";
import { outsideSource } from "../../tasks/data/source.js";
import { colour } from "./colour.js";
import { EXIT, Failure } from "./failure.js";
import { catchInterrupt } from "./interrupt.js";
import { toJson } from "./json.js";
import { suggest } from "./suggest.js";

const say = (text: string) => process.stderr.write(`${text}\n`);

/** seqloss data get <set>: gets what is missing of a data set into the cache. */
export async function dataGet(name: string, { json = false }: { json?: boolean }): Promise<void> {
  const known: Readonly<Record<string, DataSet>> = dataSets;
  if (!Object.hasOwn(known, name)) {
    throw new Failure(EXIT.usage, `there is no data set "${name}".${suggest(name, Object.keys(known))}`);
  }
  const set = known[name];
  const files = await fetchSet(set);
  const { where } = outsideSource(set);
  const { licence, attribution } = set;
  if (json) process.stdout.write(`${toJson({ name, where, downloaded: files.length, licence, attribution })}\n`);
  else process.stdout.write(`${name} is in ${where}\n`);
}

/** Downloads what is missing of a set, and shows on stderr how far it is. Ctrl-C stops; the next time it goes on from there. */
export async function fetchSet(set: DataSet): Promise<readonly DataFile[]> {
  const bar = process.stderr.isTTY
    ? new cliProgress.SingleBar({
        format: `${colour.cyan("{bar}")} {percentage} %  {value} of {total}  {file}`,
        barsize: 20,
        barCompleteChar: "━",
        barIncompleteChar: "╌",
        hideCursor: true,
        formatValue: (value, _, type) => (type === "percentage" ? String(value).padStart(3) : megabytes(value)),
        stream: process.stderr,
      })
    : undefined;
  let current: Download | undefined;
  const begin = (file: Download) => {
    if (current === undefined) say(`${set.name}: ${set.licence}; ${set.attribution}`);
    current = file;
    bar?.stop();
    if (bar === undefined) say(`${file.download}, ${megabytes(file.bytes)}`);
    else bar.start(file.bytes, 0, { file: file.name });
  };
  const interruption = catchInterrupt("the download");
  try {
    return await getData(set, {
      signal: interruption.signal,
      onProgress(file, received) {
        if (file !== current) begin(file);
        bar?.setTotal(Math.max(file.bytes, received)); // of an archive the size is known only about
        bar?.update(received);
      },
      onConvert() {
        bar?.stop();
        say(`converting: ${set.converted}`);
      },
    });
  } finally {
    bar?.stop();
    interruption.release();
  }
}

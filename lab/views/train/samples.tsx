import { percent } from "../../models/number.js";
import type { Sample, TaskName } from "../../worker/train/settings.js";

interface Props {
  readonly samples: readonly Sample[];
  readonly task: TaskName;
  /** Of which run, in words; empty where there is one. */
  readonly of: string;
  readonly wrong?: number | undefined;
}

const blank = (text: string): string => text.replaceAll(" ", "\u00a0");

/** A picture as the network sees it, column by column. */
function Ink({ picture, label }: { readonly picture: NonNullable<Sample["picture"]>; readonly label: string }) {
  const { columns, rows, ink } = picture;
  return (
    <svg
      class="ink"
      viewBox={`0 0 ${columns} ${rows}`}
      width={3 * columns}
      height={3 * rows}
      role="img"
      aria-label={label}
    >
      {ink.map((value, i) =>
        value > 0.05 ? (
          <rect key={i} x={Math.floor(i / rows)} y={i % rows} width={1} height={1} fill-opacity={value.toFixed(2)} />
        ) : null,
      )}
    </svg>
  );
}

/** What the network says to sequences it has not seen, beside what it should. */
export function Samples({ samples, task, of, wrong }: Props) {
  return (
    <section class="plate" aria-labelledby="samples">
      <h2 class="part" id="samples">
        {task === "balance" ? "How long it balances" : "What it says"}
        {of && `, ${of}`}
      </h2>
      {wrong !== undefined && (
        <p class="hint">
          {task === "balance"
            ? `${percent(wrong)} of 16 poles that training does not see fell before the end; three of them:`
            : `${percent(wrong)} wrong in a batch that training does not see; three of its sequences:`}
        </p>
      )}
      {samples.length === 0 && <p class="hint">Nothing yet.</p>}
      {samples.map((sample, i) => (
        <dl class="sample" key={i}>
          {sample.input !== "" && task !== "digits" && (
            <div>
              <dt>in</dt>
              <dd>{blank(sample.input)}</dd>
            </div>
          )}
          {sample.picture !== undefined && (
            <div>
              <dt>in</dt>
              <dd>
                <Ink picture={sample.picture} label={`The picture of ${sample.target}`} />
              </dd>
            </div>
          )}
          <div>
            <dt>goal</dt>
            <dd class="goal-text">{blank(sample.target)}</dd>
          </div>
          <div>
            <dt>out</dt>
            <dd>
              {sample.wrong.length > 1
                ? Array.from(sample.output, (letter, t) =>
                    sample.wrong[t] ? <del key={t}>{blank(letter)}</del> : blank(letter),
                  )
                : blank(sample.output) || "(nothing)"}
              {sample.wrong.length === 1 && task !== "balance" && (sample.wrong[0] ? " wrong" : " right")}
              {task === "digits" && sample.wrong.length === 0 && " right"}
            </dd>
          </div>
        </dl>
      ))}
      {(task === "echo" || task === "language" || task === "recall" || task === "parity") && (
        <p class="hint">Struck through: wrong.</p>
      )}
    </section>
  );
}

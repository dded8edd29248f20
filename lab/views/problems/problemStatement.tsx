import { statement } from "../../models/statement.js";
import { useRoot } from "../root.js";
import { TableView } from "../tableView.js";
import type { ProblemProps } from "./screen.js";

export function ProblemStatement({ answer }: Pick<ProblemProps, "answer">) {
  const root = useRoot();
  const { text, table, link } = statement(answer.problem);
  return (
    <section class="plate" aria-labelledby="statement">
      <h2 class="part" id="statement">
        {answer.title}
      </h2>
      <p>{text}</p>
      <TableView table={table} label={answer.title} />
      {link !== undefined && (
        <p>
          <a href={root + link}>{link.startsWith("ctc/") ? "The same numbers in the lattice" : "See it at work"}</a>
        </p>
      )}
    </section>
  );
}

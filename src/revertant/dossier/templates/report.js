"use strict";
// Sort and filter tables, open what a link points at, and print everything. The page reads well without it.
(() => {
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };
  const compare = (a, b, numeric) =>
    numeric ? (parseFloat(a) || 0) - (parseFloat(b) || 0) : a < b ? -1 : a > b ? 1 : 0;

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      const numeric = head.dataset.kind === "number";
      button.addEventListener("click", () => {
        const first = numeric && head.textContent === "CFD" ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const body = table.tBodies[0];
        const rows = [...body.rows].sort((a, b) => sign * compare(value(a, column), value(b, column), numeric));
        body.append(...rows);
      });
    });
  };

  const filterable = (table, box) => {
    const rows = [...table.tBodies[0].rows];
    const tools = document.createElement("div");
    tools.className = "tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = table.dataset.filter ?? "Filter: contig, gene, variant …";
    input.setAttribute("aria-label", "Filter the rows by text");
    const select = document.createElement("select");
    select.setAttribute("aria-label", "Filter the rows by origin");
    const origins = [...new Set(rows.map((row) => row.dataset.origin).filter(Boolean))].sort();
    ["every origin", ...origins].forEach((name) => {
      const option = document.createElement("option");
      option.textContent = name;
      option.value = name === "every origin" ? "" : name;
      select.append(option);
    });
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        const fits = words.every((word) => text.includes(word)) && (!select.value || row.dataset.origin === select.value);
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    input.addEventListener("input", apply);
    select.addEventListener("change", apply);
    tools.append(input, ...(origins.length > 1 ? [select] : []), count);
    box.before(tools);
    apply();
  };

  document.querySelectorAll("table[data-table]").forEach((table) => {
    sortable(table);
    filterable(table, table.parentElement);
  });

  const reveal = () => {
    let part = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const aim = part;
    for (; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (aim) aim.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    // Variants of a design stay folded: paper carries what leads, the tables carry the rest.
    closed = [...document.querySelectorAll("details:not([open]):not(.variant-detail)")];
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
})();

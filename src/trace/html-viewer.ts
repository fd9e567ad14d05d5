// What the HTML view looks like and how its cursor moves. Plain text for the browser; nothing here runs elsewhere.

export const style = `
:root { color-scheme: light dark; --line: #8884; --dim: #888; --cursor: #fd06; --bad: light-dark(#c22, #f66); }
body { font: 14px/1.45 ui-monospace, monospace; margin: 1.5rem; }
h1 { font-size: 1.2rem; }
pre { white-space: pre-wrap; }
.verdict b { color: var(--bad); }
.verdict.ok b { color: inherit; }
.locks { display: flex; flex-wrap: wrap; column-gap: 1.5em; }
/* Side by side, each scrolls on its own; one below the other where there is no room for both. */
main { display: flex; gap: 1rem; height: 96vh; }
section, aside { flex: 0 1 auto; overflow: auto; }
aside { padding-left: 1em; border-left: 1px solid var(--line); }
@media (max-width: 60rem) {
  main { flex-direction: column; }
  aside { padding: .5em 0 0; border-left: 0; border-top: 1px solid var(--line); }
}
table { border-collapse: collapse; }
th { text-align: left; border-bottom: 1px solid var(--line); padding: 0 1.5em 0 0; }
thead th, caption { position: sticky; top: 0; background: Canvas; }
#steps tbody tr, #state tr { scroll-margin-top: 2em; }
small, #steps td:first-child, .note { color: var(--dim); }
td { padding: 0 1.5em 0 0; vertical-align: top; white-space: pre; }
#steps td:first-child { text-align: right; padding-right: 1em; }
#steps tbody tr { cursor: pointer; }
.call { font-weight: bold; }
.reads span { opacity: .75; }
i { display: inline-block; width: 4px; height: 1.45em; margin-right: 2px; vertical-align: top; }
.here, .changed { background: var(--cursor); }
caption { text-align: left; font-weight: bold; white-space: nowrap; }
`;

export const script = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const rows = [...document.querySelectorAll('#steps tbody tr')];
const state = document.querySelector('#state tbody');
const caption = document.querySelector('#state caption');
let cursor = -1;

/* The cells after row n: the initial values with all changes up to it. */
function show(n) {
  if (rows.length === 0) return;
  cursor = Math.max(0, Math.min(rows.length - 1, n));
  for (const row of rows) row.classList.toggle('here', row === rows[cursor]);
  const values = data.cells.map(([, initial]) => initial);
  for (const changes of data.changes.slice(0, cursor + 1))
    for (const [cell, value] of changes) values[cell] = value;
  const fresh = new Set(data.changes[cursor].map(([cell]) => cell));
  state.replaceChildren(...data.cells.map(([label], i) => {
    const line = document.createElement('tr');
    line.classList.toggle('changed', fresh.has(i));
    for (const text of [label, values[i]]) {
      const cell = document.createElement('td');
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  }));
  caption.textContent = 'state after row ' + (cursor + 1) + ' of ' + rows.length;
  for (const part of [rows[cursor].querySelector('span'), state.querySelector('.changed td')])
    part?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

const moves = {
  j: () => cursor + 1, ArrowDown: () => cursor + 1,
  k: () => cursor - 1, ArrowUp: () => cursor - 1,
  Home: () => 0, End: () => rows.length - 1,
};
document.addEventListener('keydown', (event) => {
  const move = moves[event.key];
  if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  show(move());
});
for (const [n, row] of rows.entries()) row.addEventListener('click', () => show(n));
show(0);
`;

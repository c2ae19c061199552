// What is nicer with a script; everything works without.
'use strict';

// A choice in a form that only shows something is made at once.
for (const form of document.querySelectorAll('[data-submit-on-change]')) {
  form.addEventListener('change', () => form.requestSubmit());
}

// A chart tells the values of the day that one points at, touches, or reaches by the arrow keys.
for (const chart of document.querySelectorAll('[data-chart]')) {
  const reading = chart.querySelector('[data-reading]');
  const columns = [...chart.querySelectorAll('.column')];
  if (!columns.length) continue;
  const german = document.documentElement.lang === 'de';
  const say = (de, en) => (german ? de : en);
  let at = columns.length - 1;
  const read = (index) => {
    columns[at].classList.remove('is-read');
    columns[at].tabIndex = -1;
    at = Math.max(0, Math.min(columns.length - 1, index));
    const column = columns[at];
    column.classList.add('is-read');
    column.tabIndex = 0;
    const { date, net, range, shares, mentions, blind, findings } = column.dataset;
    const parts = [`${date}: ${say('netto', 'net')} ${net}${range ? ` (${range})` : ''}`];
    if (shares) parts.push(`− ○ + ${shares}`);
    parts.push(`${mentions} ${say('Erwähnungen', 'mentions')}`);
    if (blind) parts.push(`${blind} ${say('nicht gehört', 'not heard')}`);
    if (findings) parts.push(findings);
    reading.textContent = parts.join(' · ');
  };
  reading.hidden = false;
  read(at);
  columns.forEach((column, index) => {
    column.addEventListener('pointerenter', () => read(index));
    column.addEventListener('focus', () => read(index));
  });
  chart.addEventListener('keydown', (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -columns.length, End: columns.length };
    if (!(event.key in steps) || !event.target.classList.contains('column')) return;
    event.preventDefault();
    read(at + steps[event.key]);
    columns[at].focus();
  });
}

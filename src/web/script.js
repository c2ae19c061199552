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

// What has arrived since the page was made is counted above it, and shown when one asks for it. Nothing moves.
for (const place of document.querySelectorAll('p[data-live]')) {
  const german = document.documentElement.lang === 'de';
  const list = document.querySelector('ol.mentions');
  const button = document.createElement('button');
  button.type = 'button';
  place.setAttribute('aria-live', 'polite');
  place.append(button);
  let events;
  const show = ({ data }) => {
    const { count } = JSON.parse(data);
    const shown = count < 100 ? count : '99+';
    const one = count === 1;
    button.textContent = german
      ? `${shown} neue ${one ? 'Erwähnung' : 'Erwähnungen'} anzeigen`
      : `Show ${shown} new ${one ? 'mention' : 'mentions'}`;
    place.hidden = false;
  };
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource(`/live?${place.dataset.live}&since=${place.dataset.since}`);
    events.addEventListener('arrived', show);
    // A browser connects anew by itself, unless it was refused.
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 60_000);
    });
  };
  const load = async () => {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const items = [...page.querySelectorAll('ol.mentions > li')];
    const fresh = items.filter((item) => !document.getElementById(item.id));
    if (!answer.ok || !fresh.length || fresh.length === items.length) {
      return location.assign(`/mentions?${place.dataset.live}`);
    }
    const read = [...list.children].find((item) => item.getBoundingClientRect().bottom > 0) ?? list.lastElementChild;
    const before = read.getBoundingClientRect().top;
    let next = null;
    for (const item of items.reverse()) {
      const known = document.getElementById(item.id);
      if (!known) list.insertBefore(item, next);
      next = known ?? item;
    }
    // Unless one looks at the very beginning, what one reads stays where it is.
    if (list.getBoundingClientRect().top < 0) scrollBy(0, read.getBoundingClientRect().top - before);
    place.dataset.since = page.querySelector('p[data-live]')?.dataset.since ?? place.dataset.since;
    place.hidden = true;
    fresh[0]?.querySelector('a')?.focus({ preventScroll: true });
    listen();
  };
  button.addEventListener('click', () => (list ? load().catch(() => location.reload()) : location.reload()));
  document.addEventListener('visibilitychange', listen);
  listen();
}

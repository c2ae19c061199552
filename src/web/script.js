// What is nicer with a script; everything works without.
'use strict';

// Whoever points sees where they are: no frame is drawn for them around the place that they come back to after a change.
{
  const point = (isPointing) => {
    document.documentElement.toggleAttribute('data-pointing', isPointing);
    sessionStorage.setItem('pointing', isPointing ? 'yes' : 'no');
  };
  point(sessionStorage.getItem('pointing') === 'yes');
  addEventListener('pointerdown', () => point(true), true);
  addEventListener('keydown', () => point(false), true);
}

// A choice in a form that only shows something is made at once, and one comes back to it. Where the arrow keys change what
// is chosen with every step, the button appears instead.
for (const form of document.querySelectorAll('[data-submit-on-change]')) {
  let isStepping = false;
  const opensList = (event) => event.altKey || ['Enter', ' ', 'F4'].includes(event.key);
  form.addEventListener('keydown', (event) => { isStepping = !opensList(event); });
  form.addEventListener('pointerdown', () => { isStepping = false; });
  form.addEventListener('change', ({ target }) => {
    form.action = `${form.action.split('#')[0]}#${target.id}`;
    if (isStepping) form.classList.add('is-open');
    else form.requestSubmit();
  });
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

// Keys: two letters lead to the pages, / to the search, j and k from mention to mention, Enter into it; x selects it, a leads
// to what can be done. ? shows them all. They can be turned off, for those who speak to their computer (WCAG 2.1.4).
{
  const dialog = document.getElementById('shortcuts');
  const off = dialog.querySelector('[data-shortcuts-off]');
  const places = { o: 0, m: 1, f: 2, s: 3, r: 4 };
  let isGoing = false;
  off.checked = localStorage.getItem('shortcuts') === 'off';
  off.addEventListener('change', () => localStorage.setItem('shortcuts', off.checked ? 'off' : 'on'));
  const step = (by) => {
    const items = [...document.querySelectorAll('.mentions > li')];
    const at = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input:not([type="checkbox"]), textarea, select');
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === '?') {
      dialog.showModal();
      return;
    }
    if (off.checked) return;
    const links = document.querySelectorAll('.head nav a');
    const search = document.querySelector('[type="search"]');
    const mention = event.target.closest('.mentions > li');
    if (isGoing && event.key in places) links[places[event.key]].click();
    else if (event.key === '/' && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Enter' && event.target === mention) mention.querySelector('time').closest('a').click();
    else if (event.key === 'x') mention?.querySelector('[name="mention"]')?.click();
    else if (event.key === 'a') document.querySelector('form.bar button')?.focus();
    else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    isGoing = event.key === 'g';
  });
}

// A list goes on by itself when its end comes near: what is read does not move, and at a mistake the link is left.
for (const list of document.querySelectorAll('[data-more]')) {
  const items = list.querySelector('[data-items]');
  const status = list.querySelector('[data-status]');
  const german = document.documentElement.lang === 'de';
  const follow = (more) => {
    const link = more.querySelector('a');
    const watcher = new IntersectionObserver(async ([end]) => {
      if (!end.isIntersecting) return;
      watcher.disconnect();
      more.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(link.href, { headers: { accept: 'text/html' } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const fresh = [...page.querySelectorAll('[data-items] > li')].filter((item) => !document.getElementById(item.id));
        const next = page.querySelector('[data-next]');
        const isFocused = more.contains(document.activeElement);
        items.append(...fresh);
        status.textContent = german ? `${fresh.length} weitere geladen` : `${fresh.length} more loaded`;
        if (isFocused) fresh[0]?.querySelector('a, input')?.focus({ preventScroll: true });
        if (next) {
          more.replaceWith(next);
          follow(next);
        } else {
          more.remove();
        }
      } catch {
        // The link still leads there.
      } finally {
        more.removeAttribute('aria-busy');
      }
    }, { rootMargin: '600px' });
    watcher.observe(more);
  };
  const more = list.querySelector('[data-next]');
  if (more && 'IntersectionObserver' in window) follow(more);
}

// What can be done to selected mentions says how many they are.
for (const picked of document.querySelectorAll('[data-picked]')) {
  const form = picked.closest('form');
  const label = picked.textContent;
  const count = () => {
    const number = [...form.elements].filter((field) => field.name === 'mention' && field.checked).length;
    picked.textContent = number ? `${label} ${number}` : label;
  };
  document.addEventListener('change', (event) => event.target.name === 'mention' && count());
  count();
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

// Somebody has claimed or answered a case, or spoken again: the list says so, and stays as it is until one asks for it.
for (const place of document.querySelectorAll('p[data-queue]')) {
  place.setAttribute('aria-live', 'polite');
  const events = new EventSource('/queue/live');
  events.addEventListener('changed', () => {
    place.hidden = false;
    events.close();
  });
  addEventListener('pagehide', () => events.close());
}

// An answer is copied, and the place where it belongs is opened beside.
for (const button of document.querySelectorAll('[data-answer] button[data-open]')) {
  button.addEventListener('click', () => {
    const { text } = button.form.elements;
    if (!text.value.trim()) return;
    navigator.clipboard?.writeText(text.value).catch(() => text.select());
    open(button.dataset.open, '_blank', 'noopener,noreferrer');
  });
}

// While one writes, the page says what to look at again. Whoever has that before their eyes goes on without a detour.
for (const form of document.querySelectorAll('form[data-answer]')) {
  let soon;
  let asked;
  const check = async () => {
    asked?.abort();
    asked = new AbortController();
    const sent = { method: 'POST', body: new URLSearchParams(new FormData(form)), signal: asked.signal };
    const answer = await fetch(form.dataset.answer, sent);
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').body;
    form.querySelector('[data-warnings]').replaceChildren(...found.childNodes);
    for (const button of form.querySelectorAll('[data-send]')) button.removeAttribute('formaction');
  };
  form.elements.text.addEventListener('input', () => {
    clearTimeout(soon);
    if (form.elements.text.value.trim()) soon = setTimeout(() => check().catch(() => {}), 600);
  });
}

/**
 * The gateway's side of a hosted field: what is typed here stays on this origin. The fields of a form
 * tell one another what they hold over a channel of their own; the page around them gets a token.
 */
(() => {
  'use strict';

  const settings = new URLSearchParams(location.search);
  const MERCHANT_ORIGIN = settings.get('origin');
  const channel = new BroadcastChannel(`hosted-fields-${settings.get('form')}`);
  /** To the other fields of the form. A channel has one origin, its own. */
  const tell = (said) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window.
    channel.postMessage(said);
  };
  const inputs = [...document.querySelectorAll('input')];
  const message = document.querySelector('[role="alert"]');
  /** How long the other fields of a form may take, in milliseconds. */
  const PATIENCE_MS = 3_000;

  for (const input of inputs) input.style.cssText += settings.get('style');

  const held = () => Object.fromEntries(inputs.map(({ name, value }) => [name, value]));

  const show = (text) => {
    message.textContent = text ?? '';
    for (const input of inputs) input.setAttribute('aria-invalid', String(text !== null));
  };

  /** All that the fields of this form hold; the wait for the others ends with the last of them. */
  const collect = (types, call) =>
    new Promise((resolve) => {
      const values = held();
      const missing = new Set(types);
      const take = (type) => {
        missing.delete(type);
        if (missing.size > 0) return;
        clearTimeout(late);
        channel.removeEventListener('message', listen);
        resolve(values);
      };
      const listen = ({ data }) => {
        if (data.answer !== call) return;
        Object.assign(values, data.values);
        take(data.type);
      };
      const late = setTimeout(() => {
        for (const type of missing) take(type);
      }, PATIENCE_MS);
      channel.addEventListener('message', listen);
      tell({ ask: call });
      take(settings.get('type'));
    });

  channel.addEventListener('message', ({ data }) => {
    if (data.ask === undefined) return;
    tell({ answer: data.ask, type: settings.get('type'), values: held() });
  });

  const tokenise = async ({ tokenise: types, merchantID, call }) => {
    const card = await collect(types, call);
    const response = await fetch('/hosted/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ merchantID, ...card }),
    });
    return response.json();
  };

  const failed = (error) => ({ success: false, message: String(error), errors: {}, invalid: {} });

  const answer = async (data) => {
    const result = await tokenise(data).catch(failed);
    window.parent.postMessage({ call: data.call, result }, MERCHANT_ORIGIN);
  };

  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin !== MERCHANT_ORIGIN || source !== window.parent || data === null) return;
    if (data.show !== undefined) show(data.show);
    if (data.reset === true) {
      for (const input of inputs) input.value = '';
      show(null);
    }
    if (data.tokenise === undefined) return;
    void answer(data);
  });

  for (const input of inputs) {
    input.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') window.parent.postMessage({ enter: true }, MERCHANT_ORIGIN);
    });
  }
})();

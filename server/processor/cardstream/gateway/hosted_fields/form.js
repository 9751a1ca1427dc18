/**
 * The merchant's side of the stand-in for Cardstream's Hosted Payment Fields. It puts a frame of the
 * gateway's in the place of each `<input type="hostedfield:…">`, and asks them for a token. It never
 * sees what is typed there.
 */
(() => {
  'use strict';

  const ORIGIN = new URL(document.currentScript.src).origin;
  const TYPES = ['cardNumber', 'cardExpiryDate', 'cardCVV', 'cardDetails'];
  /** How long a token may take, in milliseconds. */
  const PATIENCE_MS = 15_000;

  if (window.jQuery === undefined) {
    // oxlint-disable-next-line no-console -- for whoever builds the page.
    console.warn('The real hostedfields.min.js needs jQuery before it.');
  }

  const LABELS = {
    cardNumber: 'Card number',
    cardExpiryDate: 'Expiry date',
    cardCVV: 'Security code',
    cardDetails: 'Card',
  };

  const labelOf = (input, type) => {
    const label = input.labels?.[0]?.textContent ?? input.getAttribute('aria-label');
    return (label ?? LABELS[type]).trim();
  };

  /** What the page says of a field: by attributes, by `data-hostedfield`, and for all of them. */
  const optionsOf = (input, type, fields) => {
    /** @type {string} */
    const own = input.getAttribute('data-hostedfield') ?? '';
    return {
      placeholder: input.getAttribute('placeholder') ?? '',
      style: input.getAttribute('style') ?? '',
      ...fields.any,
      ...fields[type],
      ...JSON.parse(own.startsWith('{') ? own : '{}'),
    };
  };

  class Field {
    constructor(input, type, { id, options }) {
      this.input = input;
      this.type = type;
      const { placeholder, style } = optionsOf(input, type, options.fields ?? {});
      const label = labelOf(input, type);
      const query = new URLSearchParams({
        type,
        form: id,
        origin: location.origin,
        placeholder,
        style,
        label,
        lang: options.locale ?? document.documentElement.lang ?? '',
      });
      this.frame = document.createElement('iframe');
      this.frame.src = `${ORIGIN}/hosted/field?${query}`;
      this.frame.title = label;
      this.frame.className = `hostedfield ${input.className}`.trim();
      this.frame.style.cssText = 'border: 0; width: 100%; height: 3rem; color-scheme: normal;';
      this.ready = new Promise((resolve) => {
        this.frame.addEventListener('load', resolve, { once: true });
      });
      // It stays where it was, so that labels and layout do; it has nothing to send.
      input.hidden = true;
      input.disabled = true;
      input.after(this.frame);
    }

    post(message) {
      this.frame.contentWindow.postMessage(message, ORIGIN);
    }

    show(error) {
      this.frame.classList.toggle('hostedfield-invalid', error !== undefined);
      this.frame.setAttribute('aria-invalid', String(error !== undefined));
      this.post({ show: error ?? null });
    }
  }

  class Form {
    constructor(form, options = {}) {
      this.element = typeof form === 'string' ? document.querySelector(form) : (form[0] ?? form);
      // A form is indexed by its controls: only what is no element was a list of elements.
      if (form instanceof HTMLFormElement) this.element = form;
      this.options = { autoSetup: true, autoSubmit: true, ...options };
      this.id = crypto.randomUUID();
      this.fields = [];
      this.calls = new Map();
      this.onMessage = (event) => this.receive(event);
      this.onSubmit = (event) => this.submit(event);
      window.addEventListener('message', this.onMessage);
      if (this.options.autoSetup) this.setup();
      if (this.options.autoSubmit) this.element.addEventListener('submit', this.onSubmit);
    }

    /** Puts the frames in place, and says `hostedform:ready` when they are there. */
    setup() {
      for (const input of this.element.querySelectorAll('input[type^="hostedfield:"]')) {
        const type = input.getAttribute('type').slice('hostedfield:'.length);
        if (!TYPES.includes(type)) throw new Error(`The stand-in has no hosted field ${type}.`);
        this.fields.push(new Field(input, type, this));
      }
      this.ready = Promise.all(this.fields.map(({ ready }) => ready));
      void this.ready.then(() => this.tell('ready', {}));
    }

    /**
     * @param extra fields to be tokenised with the card: the stand-in takes none.
     * @param validate whether fields show what is wrong with them.
     * @returns {success, message, errors, invalid, paymentToken}
     */
    async getPaymentDetails(extra = {}, validate = true) {
      if (Object.keys(extra ?? {}).length > 0) {
        return failure('The stand-in tokenises cards only.', {}, {});
      }
      await this.ready;
      const [first] = this.fields;
      if (first === undefined) return failure('There are no hosted fields.', {}, {});
      const result = await this.call(first, {
        tokenise: this.fields.map(({ type }) => type),
        merchantID: this.merchantID(),
      });
      const wrong = result.invalid ?? {};
      if (validate) for (const field of this.fields) field.show(errorOf(field.type, wrong));
      if (result.success !== true)
        this.tell(Object.keys(wrong).length > 0 ? 'invalid' : 'error', result);
      return result;
    }

    validate() {
      return this.getPaymentDetails({}, true).then(({ success }) => success);
    }

    /** Puts the token where the form sends it. */
    addPaymentToken(token) {
      const known = this.element.querySelector('input[name="paymentToken"]');
      const input = known ?? this.element.appendChild(document.createElement('input'));
      input.type = 'hidden';
      input.name = 'paymentToken';
      input.value = token;
    }

    reset() {
      for (const field of this.fields) field.post({ reset: true });
    }

    destroy() {
      window.removeEventListener('message', this.onMessage);
      this.element.removeEventListener('submit', this.onSubmit);
      for (const { frame, input } of this.fields) {
        frame.remove();
        input.hidden = false;
        input.disabled = false;
      }
      this.fields = [];
    }

    merchantID() {
      const { merchantID } = this.options;
      return String(
        merchantID ?? this.element.querySelector('input[name="merchantID"]')?.value ?? '',
      );
    }

    async submit(event) {
      event.preventDefault();
      const { success, paymentToken } = await this.getPaymentDetails();
      if (success !== true) return;
      this.addPaymentToken(paymentToken);
      this.element.submit();
    }

    call(field, message) {
      const call = crypto.randomUUID();
      return new Promise((resolve) => {
        const late = setTimeout(
          () => this.calls.get(call)?.(failure('The hosted fields do not answer.', {}, {})),
          PATIENCE_MS,
        );
        this.calls.set(call, (result) => {
          clearTimeout(late);
          this.calls.delete(call);
          resolve(result);
        });
        field.post({ ...message, call });
      });
    }

    receive({ origin, source, data }) {
      const isOurs = this.fields.some(({ frame }) => frame.contentWindow === source);
      if (origin !== ORIGIN || !isOurs || data === null) return;
      if (data.call !== undefined) this.calls.get(data.call)?.(data.result);
      if (data.enter === true && this.options.autoSubmit) this.element.requestSubmit();
    }

    tell(name, detail) {
      this.element.dispatchEvent(new CustomEvent(`hostedform:${name}`, { bubbles: true, detail }));
    }
  }

  const failure = (message, errors, invalid) => ({ success: false, message, errors, invalid });

  const errorOf = (type, invalid) =>
    type === 'cardDetails' ? Object.values(invalid)[0] : invalid[type];

  window.hostedFields = { classes: { Form } };
})();

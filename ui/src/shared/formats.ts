// Formatters of numbers and moments. Making one costs as much as a hundred uses
// of it, and a list shows hundreds of figures: each is made once.

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function once<F>(made: Map<string, F>, locale: string, options: object, make: () => F): F {
  const key = locale + JSON.stringify(options);
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

export function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}) {
  return once(numbers, locale, options, () => new Intl.NumberFormat(locale, options));
}

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions) {
  return once(dates, locale, options, () => new Intl.DateTimeFormat(locale, options));
}

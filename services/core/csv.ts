/**
 * RFC 4180 with a byte-order mark (spreadsheets then read it as UTF-8). A cell that a spreadsheet would run as a formula
 * (it begins with =, +, -, @, tab or return) gets an apostrophe before it; a plain number may begin with a minus
 * (OWASP, CSV injection).
 */
export function toCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

export function csvCell(value: string): string {
  const text = value.replaceAll('\0', '');
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

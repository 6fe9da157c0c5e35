/**
 * RFC 4180 with a byte-order mark (spreadsheets then read it as UTF-8). A cell that a spreadsheet would run as a formula
 * (it begins with =, +, -, @, tab or line end, also full-width) gets an apostrophe before it; a plain number may begin with a
 * minus. So does what follows a semicolon or tab inside a cell: where those separate, it would begin a cell of its own
 * (OWASP, CSV injection).
 */
export function toCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

export function csvCell(value: string): string {
  const text = value.replaceAll('\0', '');
  const inside = text.replace(/([;\t]\s*)(?=[=+@＝＋－＠]|-[^\s\d])/g, "$1'");
  const safe = /^\s*[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${inside}` : inside;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

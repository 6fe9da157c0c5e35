const LONGEST = 2000;

/** A link from outside that a person may follow: https, and short enough to be one. */
export const safeLink = (link: string | null | undefined): string | undefined =>
  link && link.length <= LONGEST && URL.canParse(link) && new URL(link).protocol === 'https:' ? link : undefined;

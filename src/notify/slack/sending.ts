/** Slack is to read nothing into names and addresses; by default it would on an edit. */
export const VERBATIM = { parse: 'none', link_names: false };
export const NO_PREVIEWS = { unfurl_links: false, unfurl_media: false };

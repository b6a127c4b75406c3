/** What a message is made of, as the channel's API takes it, and the text that stands for it in notifications. */
export interface Composed {
  text: string;
  blocks: object[];
}

/** How richly a message is made; what a workspace has refused is left out. */
export interface Look {
  /** With a table, else with the same as a block of code. */
  table: boolean;
  /** Id of the uploaded picture. */
  picture?: string;
}

export interface Picture {
  /** Equal where the pictures are equal. */
  digest: string;
  /** What it shows, for those who cannot see it. */
  alt: string;
  /** As a PNG file. Rejects where it cannot be drawn. */
  draw: () => Promise<Uint8Array>;
}

/** What a dashboard shows at one instant. */
export interface Sight {
  compose: (look: Look) => Composed;
  picture?: Picture;
}

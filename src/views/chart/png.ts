import { createRequire } from 'node:module';

const FONTS = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/**
 * The drawing as a PNG file, made beside the event loop. The renderer and its font are loaded when first used.
 * @throws where they are not installed, which is no reason to do without everything else
 */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = FONTS.map((file) => resolve(`@expo-google-fonts/inter/${file}`));
  const drawn = await renderAsync(svg, { font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter' } });
  return drawn.asPng();
}

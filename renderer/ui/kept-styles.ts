import { createCache } from '@ant-design/cssinjs'

/**
 * antd's cache of styles, which forgets nothing: by itself antd drops what no component on the screen needs, and computes it
 * anew (some 8 ms of a form's opening) when the next screen needs it again. The theme never changes, so the cache stays small.
 */
export function keptStyles(): ReturnType<typeof createCache> {
  const cache = createCache()
  const update = cache.opUpdate.bind(cache)
  cache.opUpdate = (key, next) =>
    update(key, (before) => next(before) ?? (before && key.startsWith('style%') ? [0, before[1]] : null))
  return cache
}

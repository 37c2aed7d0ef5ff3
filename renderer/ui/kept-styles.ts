import { createCache } from '@ant-design/cssinjs'

/**
 * antd's cache of styles, which forgets nothing: by itself antd takes out of the page what no component on the screen needs, and
 * computes and puts it in anew when the next screen needs it again, each time judging the whole page's style. One holder more
 * than there are keeps each. The theme never changes, so the cache stays small.
 */
export function keptStyles(): ReturnType<typeof createCache> {
  const cache = createCache()
  const update = cache.opUpdate.bind(cache)
  cache.opUpdate = (key, next) =>
    update(key, (before) => {
      const after = next(before)
      return after !== null && (before === null || before === undefined) ? [after[0] + 1, after[1]] : after
    })
  return cache
}

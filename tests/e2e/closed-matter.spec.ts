// Owns: a draft that stands open while the county suspends its matter, and has it again later.
// Does not own: why a matter is closed (store/closed-matters.test.ts), how a release is published (standards.spec.ts).
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { addEveryMaterial, answer, fillAnswers, madeUpIdNumber, startDraft } from '../helpers/window.ts'

/** Publishes the allowance with another status, past the screens. */
async function release(app: RunningApp, status: 'active' | 'suspended'): Promise<void> {
  const value = async <T>(asked: Promise<{ readonly ok: boolean; readonly value?: T }>): Promise<T> => {
    const reply = await asked
    if (reply.value === undefined) throw new Error(JSON.stringify(reply))
    return reply.value
  }
  const { documents } = await value(app.call('standards.desk', {}))
  const { training } = await value(app.call('station.status', {}))
  const version = documents.find(({ id }) => id === 'SAMPLE-GLJT')?.version ?? 1
  const { copyId } = await value(app.call('standards.begin', { kind: 'matter', id: 'SAMPLE-GLJT', version }))
  const { text } = await value(app.call('standards.copy', { copyId }))
  await value(app.call('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), status }) }))
  await value(
    app.call('standards.publish', {
      ...{ targets: 'all', contents: { from: 'copies', copyIds: [copyId] }, effectiveAtUtc: null },
      ...{ note: '演练', pin: training?.publisherPin ?? '', approval: null },
    }),
  )
}

test('a draft tells at once that its matter was suspended, keeps all of it, and goes on once the matter is back', async ({
  app,
}) => {
  const { page } = app
  await startDraft(app)
  await answer(page, '姓名').fill('演练壬')
  await expect(page.getByTestId('saved')).toBeVisible()
  await release(app, 'suspended')
  const told = page.getByText('县里暂停了“高龄津贴”：先不能收件。')
  await expect(told).toBeVisible()
  await expect(page.getByText(/填好的、交来的都在/)).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('没有收件：原因写在上面。')).toBeVisible()
  await expect(answer(page, '姓名')).toHaveValue('演练壬')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill('gljt')
  await expect(page.getByRole('button', { name: /^高龄津贴/ })).toHaveCount(0)
  await page.goBack()
  await release(app, 'active')
  await expect(told).toHaveCount(0)
})

test('a case leads to the version that it was taken in under, also once a newer one is in force', async ({ app }) => {
  const { page } = app
  await startDraft(app)
  await fillAnswers(page, '演练辛', madeUpIdNumber('19390303', '905'))
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  await release(app, 'suspended')
  await page.getByRole('button', { name: /看这件办件/ }).click()
  await page.getByRole('link', { name: /按标准第 1 版/ }).click()
  const told = page.getByRole('article')
  await expect(told).toContainText('第 1 版，自')
  await expect(told).toContainText('这是第 1 版，不是现在用的；按它收的办件照它办完。')
  await expect(told).toContainText('这个事项现在不收件了。')
  await release(app, 'active')
  await told.getByRole('link', { name: '看现在用的第 3 版' }).click()
  await expect(told).toContainText('第 3 版，自')
})

import './styles'
import { mount } from 'svelte'
import { chooseHost } from './host'
import LockApp from './LockApp.svelte'
import { watchPolicy } from './violations'

watchPolicy()
await chooseHost()
const target = document.getElementById('app')
// In the app the shell opens the journal's window and this one ends; only the fake host has to move on by itself.
const onentered = (): void => {
  if (import.meta.env.MODE === 'fake') location.assign('index.html')
}
if (target) mount(LockApp, { target, props: { onentered } })

// The counting room's console: what the endpoint serves at "/".
import "@shared/tokens.css";
import "./console.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });

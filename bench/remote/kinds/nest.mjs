// A NestJS microservice and its client, over TCP. Decorators are called as functions: JavaScript has
// no syntax for them.
import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ClientProxyFactory, EventPattern, MessagePattern, Transport } from "@nestjs/microservices";
import { firstValueFrom, lastValueFrom } from "rxjs";
import { add, greet } from "../calculator.mjs";

const HOST = "127.0.0.1";

/** A controller with a method for each pattern. */
function controllerOf(handlers) {
  class Calculator {}
  for (const [pattern, decorator, handler] of handlers) {
    const descriptor = { value: (payload) => handler(payload), configurable: true, writable: true };
    decorator(pattern)(Calculator.prototype, pattern, descriptor);
    Object.defineProperty(Calculator.prototype, pattern, descriptor);
  }
  Controller()(Calculator);
  return Calculator;
}

export async function serve({ count }, hear) {
  class App {}
  const controller = controllerOf([
    ["calculator/add", MessagePattern, add],
    ["calculator/greet", MessagePattern, greet],
    ...count.map((topic) => [topic, EventPattern, hear]),
  ]);
  Module({ controllers: [controller] })(App);
  const app = await NestFactory.createMicroservice(App, {
    transport: Transport.TCP,
    options: { host: HOST, port: 0 },
    logger: false,
  });
  await app.listen();
  return { address: app.unwrap().address().port, close: () => app.close() };
}

export async function connect({ address }) {
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: HOST, port: address },
  });
  await client.connect();
  return {
    call: (path, payload) => firstValueFrom(client.send(path, payload)),
    publish: (topic, value) =>
      lastValueFrom(client.emit(topic, value), { defaultValue: undefined }),
    close: () => client.close(),
  };
}

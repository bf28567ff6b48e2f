"""A whole, good text in each language; damaged copies of it test the general rules."""

SAMPLES = {
    "bash": (
        '#!/bin/bash\nset -eu\n\ntotal() {\n  local sum=0\n  for file in "$@"; do\n    size=$(wc -c < $file)\n'
        '    sum=$((sum + size))\n  done\n  echo "$sum"\n}\n\nif [ "$#" -gt 0 ]; then\n  total "$@"\nfi\n'
    ),
    "c": (
        "#include <stdio.h>\n\nstatic int total(const int *values, int count) {\n    int sum = 0;\n"
        "    for (int i = 0; i < count; i++) {\n        sum += values[i];\n    }\n    return sum;\n}\n\n"
        'int main(void) {\n    int values[] = {1, 2};\n    printf("%d\\n", total(values, 2));\n    return 0;\n}\n'
    ),
    "cpp": (
        "#include <vector>\n\nclass Ledger {\npublic:\n    void add(int amount) {\n        rows.push_back(amount);\n"
        "        count += 1;\n    }\n    int total() const {\n        int sum = 0;\n        for (int row : rows) {\n"
        "            sum += row;\n        }\n        return sum;\n    }\nprivate:\n    std::vector<int> rows;\n"
        "    int count = 0;\n};\n"
    ),
    "csharp": (
        "using System;\n\nnamespace Shop\n{\n    public class Ledger\n    {\n        private int total;\n\n"
        "        public int Add(int amount)\n        {\n            total += amount;\n"
        '            Console.WriteLine("added");\n            return total;\n        }\n    }\n}\n'
    ),
    "css": (
        ".card {\n  color: red;\n  margin: 0;\n  padding: 1px;\n}\n\n@media print {\n  .card {\n    display: none;\n"
        "    color: black;\n    margin: 0;\n  }\n}\n"
    ),
    "dockerfile": 'FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl\nCOPY . /app\nCMD ["/app/run", "now"]\n',
    "go": (
        'package shop\n\nimport "fmt"\n\nfunc Total(values []int) (int, error) {\n\tsum := 0\n\tfor _, v := range values {\n'
        '\t\tif v < 0 {\n\t\t\treturn 0, fmt.Errorf("negative: %d", v)\n\t\t}\n\t\tsum += v\n\t}\n\treturn sum, nil\n}\n'
    ),
    "html": "<!DOCTYPE html>\n<html>\n<body>\n<p>Some text.</p>\n<ul>\n<li>One</li>\n<li>Two</li>\n</ul>\n</body>\n</html>\n",
    "java": (
        "package shop;\n\nimport java.util.List;\n\npublic class Ledger {\n    private int total;\n\n"
        "    public int add(List<Integer> amounts) {\n        for (int amount : amounts) {\n"
        "            total += amount;\n        }\n        int result = total;\n        return result;\n    }\n}\n"
    ),
    "javascript": (
        'import { log } from "./log.js";\n\nexport function total(values) {\n  let sum = 0;\n'
        "  for (const value of values) {\n    sum += value;\n  }\n  log(`total ${sum}`);\n  return sum;\n}\n"
    ),
    "json": '{\n  "name": "shop",\n  "rows": [\n    {"id": 1, "sum": 2},\n    {"id": 2, "sum": 3}\n  ],\n  "open": true\n}\n',
    "kotlin": (
        "package shop\n\nclass Ledger(private val rows: MutableList<Int>) {\n    fun add(amount: Int): Int {\n"
        "        rows.add(amount)\n        var sum = 0\n        for (row in rows) {\n            sum += row\n"
        '        }\n        println("sum $sum")\n        return sum\n    }\n}\n'
    ),
    "lua": (
        "local M = {}\n\nfunction M.total(values)\n  local sum = 0\n  for _, value in ipairs(values) do\n"
        "    sum = sum + value\n  end\n  print(sum)\n  return sum\nend\n\nreturn M\n"
    ),
    "markdown": "# Shop\n\nA *small* shop.\n\n- one\n- two\n\n```text\nrun it\n```\n",
    "notebook": (
        '{\n "cells": [\n  {\n   "cell_type": "code",\n   "metadata": {},\n   "source": [\n    "%matplotlib inline\\n",\n'
        '    "import os\\n",\n    "print(os.sep)"\n   ]\n  }\n ],\n "metadata": {\n  "kernelspec": {\n   "language": "python"\n'
        '  }\n },\n "nbformat": 4,\n "nbformat_minor": 5\n}\n'
    ),
    "objective-c": (
        "#import <Foundation/Foundation.h>\n\n@implementation Ledger\n\n- (int)total:(NSArray *)values {\n    int sum = 0;\n"
        "    for (NSNumber *value in values) {\n        sum += [value intValue];\n    }\n    return sum;\n}\n\n@end\n"
    ),
    "php": (
        "<?php\n\nnamespace Shop;\n\nclass Ledger\n{\n    private array $rows = [];\n\n"
        "    public function add(int $amount): int\n    {\n        $this->rows[] = $amount;\n"
        "        $sum = array_sum($this->rows);\n        return $sum;\n    }\n}\n"
    ),
    "ruby": (
        "class Ledger\n  def initialize\n    @rows = []\n  end\n\n  def add(amount)\n    @rows << amount\n"
        '    total = @rows.sum\n    puts "total #{total}"\n    total\n  end\nend\n'
    ),
    "rust": (
        "use std::collections::HashMap;\n\npub struct Ledger {\n    rows: HashMap<String, i64>,\n}\n\nimpl Ledger {\n"
        "    pub fn add(&mut self, name: &str, amount: i64) -> i64 {\n"
        "        let row = self.rows.entry(name.to_string()).or_insert(0);\n        *row += amount;\n"
        '        println!("added {}", name);\n        *row\n    }\n}\n'
    ),
    "scala": (
        "package shop\n\nclass Ledger(start: Int) {\n  private var total = start\n\n  def add(amount: Int): Int = {\n"
        '    total += amount\n    println(s"total $total")\n    val result = total\n    result\n  }\n}\n'
    ),
    "scss": "$red: #f00;\n\n.card {\n  color: $red;\n\n  .title {\n    margin: 0;\n    padding: 1px;\n    color: black;\n  }\n}\n",
    "sql": "CREATE TABLE rows (\n  id INTEGER PRIMARY KEY,\n  name TEXT NOT NULL\n);\n\nSELECT id, name\nFROM rows\nWHERE id > 1;\n",
    "svelte": "<script>\n  let count = 0;\n</script>\n\n<button on:click={() => count += 1}>\n  {count}\n</button>\n",
    "swift": (
        "import Foundation\n\nclass Ledger {\n    private var rows: [Int] = []\n\n    func add(_ amount: Int) -> Int {\n"
        '        rows.append(amount)\n        var sum = 0\n        for row in rows {\n            sum += row\n'
        '        }\n        print(sum)\n        return sum\n    }\n}\n'
    ),
    "toml": '[shop]\nname = "shop"\nrows = [\n  1,\n  2,\n]\n\n[shop.open]\nfrom = "08:00"\nto = "18:00"\n',
    "tsx": (
        'import React from "react";\n\ninterface Props {\n  name: string;\n}\n\nexport function Card({ name }: Props) {\n'
        "  const title = `Card ${name}`;\n  const size = title.length;\n  return (\n    <div className={title}>\n"
        "      <span>{size}</span>\n    </div>\n  );\n}\n"
    ),
    "typescript": (
        'import { log } from "./log";\n\nexport function total(values: number[]): number {\n  let sum = 0;\n'
        "  for (const value of values) {\n    sum += value;\n  }\n  log(`total ${sum}`);\n  return sum;\n}\n"
    ),
    "vue": (
        '<script setup lang="ts">\nimport { ref } from "vue";\n\nconst count = ref(0);\n</script>\n\n<template>\n'
        '  <button @click="count++">{{ count }}</button>\n</template>\n'
    ),
    "yaml": "name: shop\nrows:\n  - id: 1\n    sum: 2\n  - id: 2\n    sum: 3\nopen: {from: 8, to: 18}\n",
}  # fmt: skip

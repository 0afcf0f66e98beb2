import Foundation
import Testing

@testable import Coordinator

struct UnifiedDifferenceTests {
    private static func lines(_ old: [String], _ new: [String]) -> [String] {
        func bytes(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
        return UnifiedDifference.lines(from: bytes(old), to: bytes(new))
    }

    @Test("Equal texts do not differ, nor do empty ones")
    func equal() {
        #expect(Self.lines(["a", "b"], ["a", "b"]).isEmpty)
        #expect(UnifiedDifference.lines(from: [], to: []).isEmpty)
    }

    @Test("A change has three lines around it; changes that are far apart are two hunks")
    func hunks() {
        let old = (1...20).map { "\($0)" }
        var new = old
        new[1] = "two"
        new.remove(at: 17)
        #expect(
            Self.lines(old, new) == [
                "@@ -1,5 +1,5 @@", " 1", "-2", "+two", " 3", " 4", " 5", "@@ -15,6 +15,5 @@", " 15", " 16", " 17",
                "-18",
                " 19", " 20",
            ]
        )
    }

    @Test("A file that is new or gone is all of one side")
    func whole() {
        #expect(Self.lines([], ["a", "b"]) == ["@@ -0,0 +1,2 @@", "+a", "+b"])
        #expect(Self.lines(["a"], []) == ["@@ -1 +0,0 @@", "-a"])
    }

    @Test("Nothing in a line moves the cursor of whoever reads it")
    func unseen() {
        let found = UnifiedDifference.lines(from: [], to: [0x61, 0x1B, 0x5B, 0x32, 0x4B, 0x09, 0x62, 0xFF, 0x0A])
        #expect(found == ["@@ -0,0 +1 @@", "+a?[2K\tb\u{FFFD}"])
    }

    @Test("It is what GNU diff finds, over texts that a seed has made", arguments: 1...40)
    func likeGNU(seed: Int) throws {
        var state = UInt64(seed)
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // Every line once, so that there is one shortest way alone.
        let old = (0..<next(40)).map { "line \($0)" }
        var new = old.filter { _ in next(5) > 0 }
        for number in 0..<next(4) { new.insert("new \(number)", at: next(new.count + 1)) }
        let directory = FileManager.default.temporaryDirectory.path + "/fleet-diff-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, lines) in [("old", old), ("new", new)] {
            try lines.map { $0 + "\n" }.joined().write(
                toFile: "\(directory)/\(name)",
                atomically: true,
                encoding: .utf8
            )
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/diff")
        process.arguments = ["-u", "\(directory)/old", "\(directory)/new"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let expected = output.split(separator: "\n").dropFirst(2).map(String.init)
        #expect(Self.lines(old, new).sorted() == expected.sorted(), "seed \(seed)")
    }
}

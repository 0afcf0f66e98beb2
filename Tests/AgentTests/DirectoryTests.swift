import Glibc
import Testing

@testable import Agent

struct DirectoryTests {
    @Test("A link is replaced at once, also over what a crash left")
    func replacesLink() throws {
        let scratch = Scratch()
        let directory = try Directory(creating: "\(scratch.path)/srv")
        try directory.replaceLink("current", target: "releases/a")
        #expect(symlink("releases/half", "\(scratch.path)/srv/.current.new") == 0)
        try directory.replaceLink("current", target: "releases/b")
        #expect(scratch.link("srv/current") == "releases/b")
        #expect(scratch.link("srv/.current.new") == nil)
    }

    @Test("A file is replaced whole, with the mode asked for")
    func writesFile() throws {
        let scratch = Scratch()
        let directory = try Directory(path: scratch.path)
        try directory.write("config.env", Array("A=1".utf8), mode: 0o640)
        try directory.write("config.env", Array("A=2".utf8), mode: 0o640)
        #expect(scratch.text("config.env") == "A=2")
        var status = stat()
        #expect(stat("\(scratch.path)/config.env", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
    }

    @Test("What can't take its place leaves nothing of itself")
    func leavesNothing() throws {
        let scratch = Scratch()
        let directory = try Directory(creating: "\(scratch.path)/srv")
        _ = try Directory(creating: "\(scratch.path)/srv/current")
        #expect(throws: FileError.self) { try directory.replaceLink("current", target: "releases/a") }
        #expect(throws: FileError.self) { try directory.write("current", [1], mode: 0o644) }
        #expect(try directory.entries() == ["current"])
    }

    @Test("Reading never follows a link")
    func readsNoLinks() throws {
        let scratch = Scratch()
        #expect(symlink("/etc/passwd", "\(scratch.path)/link") == 0)
        let directory = try Directory(path: scratch.path)
        #expect(throws: FileError.self) { _ = try directory.read("link") }
    }

    @Test("A rename never replaces")
    func renamesWithoutReplacing() throws {
        let scratch = Scratch()
        try scratch.write("new/file", "new")
        try scratch.write("old/file", "old")
        let directory = try Directory(path: scratch.path)
        #expect(throws: FileError.self) { try directory.rename("new", to: "old") }
        #expect(scratch.text("old/file") == "old")
    }

    @Test("A tree is removed without leaving it through a link")
    func removesTree() throws {
        let scratch = Scratch()
        try scratch.write("outside/kept", "kept")
        try scratch.write("tree/deep/file", "gone")
        #expect(symlink("../outside", "\(scratch.path)/tree/link") == 0)
        #expect(chmod("\(scratch.path)/tree/deep", 0o555) == 0)
        let directory = try Directory(path: scratch.path)
        try Tree.remove("tree", in: directory)
        #expect(!scratch.exists("tree"))
        #expect(scratch.text("outside/kept") == "kept")
        try Tree.remove("tree", in: directory)
    }
}

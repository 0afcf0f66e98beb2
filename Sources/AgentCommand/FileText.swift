import Glibc

/// Files, the standard error and the user's name, without Foundation.
enum FileText {
    /// The content of a file, or nil when there is none.
    static func read(_ path: String) throws -> [UInt8]? {
        guard let file = fopen(path, "r") else {
            guard errno == ENOENT else { throw Problem("\(path): \(String(cString: strerror(errno)))") }
            return nil
        }
        defer { fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { content += chunk[..<count] }
        return content
    }

    /// Writes a line to the standard error.
    static func complain(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)  // nobody is left to tell about a failure
    }

    static func user() -> String {
        let sudo = getenv("SUDO_USER").map { String(cString: $0) }
        return sudo ?? getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    }

    /// The path as seen from the root.
    static func absolute(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw Problem("\(path): \(String(cString: strerror(errno)))") }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What is wrong, in one sentence.
    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

import Model
import Trust

/// `sha256sum` by our own code, so that the two can be timed alike.
@main
struct HashBench {
    static func main() throws {
        for path in CommandLine.arguments.dropFirst() {
            print("\(try SHA256.digest(ofFile: path).digest.hex)  \(path)")
        }
    }
}

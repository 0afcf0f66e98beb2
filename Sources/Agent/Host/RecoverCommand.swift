/// How `agent recover` is called; the name of a service follows.
enum RecoverCommand {
    static func words(of executable: String, configuration: String) -> [String] {
        [executable, "recover", "--config", configuration]
    }
}

/* module.c - the extension module _pyflink_engine: one init function per room. */
#include "host/host.h"

#include <string.h>

#define STRING2(x) #x
#define STRING(x) STRING2(x)
#define BUILT_FOR STRING(PY_MAJOR_VERSION) "." STRING(PY_MINOR_VERSION)

int bridge_init_module(PyObject *module) __attribute__((weak));
int runtime_init_module(PyObject *module) __attribute__((weak));
int session_init_module(PyObject *module) __attribute__((weak));
int bridge_on_jvm(JNIEnv *env) __attribute__((weak));
int runtime_on_jvm(JNIEnv *env) __attribute__((weak));
int session_on_jvm(JNIEnv *env) __attribute__((weak));

/* Registered when the engine is loaded: the JVM may start before Python is initialised. */
__attribute__((constructor)) static void register_rooms(void) {
    if (bridge_on_jvm)
        host_jvm_on_ready(bridge_on_jvm);
    if (runtime_on_jvm)
        host_jvm_on_ready(runtime_on_jvm);
    if (session_on_jvm)
        host_jvm_on_ready(session_on_jvm);
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_pyflink_engine",
    .m_doc = "The engine of pyflink-shell: JVM, bridge to Java, native operators.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__pyflink_engine(void);

__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit__pyflink_engine(void) {
    const char *running = Py_GetVersion();
    size_t length = strlen(BUILT_FOR);
    if (strncmp(running, BUILT_FOR, length) != 0 || running[length] != '.') {
        PyErr_Format(PyExc_ImportError,
                     "the engine was built for Python " BUILT_FOR ", but this is Python %s; use "
                     "that Python or build again with this one",
                     running);
        return NULL;
    }
    static int (*const rooms[])(PyObject *) = {host_init_module, bridge_init_module,
                                               runtime_init_module, session_init_module};
    PyObject *module = PyModule_Create(&definition);
    for (size_t i = 0; module != NULL && i < sizeof rooms / sizeof *rooms; i++)
        if (rooms[i] != NULL && rooms[i](module) < 0)
            Py_CLEAR(module);
    return module;
}
